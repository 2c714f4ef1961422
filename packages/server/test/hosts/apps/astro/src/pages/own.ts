export const GET = (): Response => new Response('own');
