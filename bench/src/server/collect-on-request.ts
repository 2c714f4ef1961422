// Loaded into the server under test before its own code (`node --expose-gc --import`): collects garbage when the parent asks, and
// ends with the parent, so that no server is ever left behind.
process.on('message', (message) => {
  if (message !== 'collect') return;
  globalThis.gc?.();
  globalThis.gc?.();
  process.send?.('collected');
});
process.on('disconnect', () => process.exit(1));
