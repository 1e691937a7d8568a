/** In place of the SDK's code for event streams, which neither tables nor queues answer with. */
export const EventStreamSerde = class {};
export const eventStreamSerdeProvider = (): never => {
  throw new Error('event streams are left out of the bundle');
};
