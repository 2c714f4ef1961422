export { CONNECT } from './connect.ts';
export { DEPLOY } from './deploy.ts';
export {
  FANOUT,
  FANOUT_16,
  STREAMS,
  STREAMS_16,
  STREAMS_16_HOLES,
  STREAMS_16_JOINED,
  STREAMS_FILTERED,
} from './flood.ts';
export { IDLE } from './idle.ts';
export { JITTER } from './jitter.ts';
export { PACED } from './paced.ts';
export { PUBLISH } from './publish.ts';
export { RESUME } from './resume.ts';
export { SLOW } from './slow.ts';
