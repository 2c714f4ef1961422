// Whether every path gives the same objects, by import and by require, in one process.
const core = require('@ws/core');

const paths = Object.keys(require('@ws/compat/package.json').exports)
  .filter((path) => path !== './package.json')
  .map((path) => `@ws/compat${path.slice(1)}`);

exports.sameOfEveryPath = async () => {
  const imported = await import('@ws/core');
  const loaded = await Promise.all(paths.map(async (path) => [require(path), await import(path)]));
  const classes = loaded.flat().flatMap((names) => names.WebSocketManager ?? []);
  return {
    isOneClass: [...classes, core.UnifiedWebSocketManager].every((one) => one === imported.UnifiedWebSocketManager),
    isOneHub: imported.createHub === core.createHub,
    areOne: loaded.every(([required, other]) => Object.keys(required).every((name) => required[name] === other[name])),
  };
};
