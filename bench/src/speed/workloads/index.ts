export { CONNECT } from './connect.ts';
export { FANOUT, FANOUT_16, STREAMS, STREAMS_16, STREAMS_16_JOINED } from './flood.ts';
export { IDLE } from './idle.ts';
