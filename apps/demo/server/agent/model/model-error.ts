/** Why the model gave no answer, in words that may be shown: without the key and the address. */
export class ModelError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ModelError';
  }
}
