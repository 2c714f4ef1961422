export { endProcess } from './end-process.ts';
export { findProgram, type Program } from './find-program.ts';
export { freePort } from './free-port.ts';
export { append, event, idsOf, listen, stream } from './log-events.ts';
export { OpenedLogs } from './opened-logs.ts';
export { frozenFault, killedFault, type TestServer } from './server-faults.ts';
export { mountSmallVolume, type SmallVolume } from './small-volume.ts';
export { untilItAnswers } from './until-it-answers.ts';
export { until, untilHealthy } from './until.ts';
