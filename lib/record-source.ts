/** `ecos-eventbridge/record-source`: what a service that announces record events imports. */
export { EcosError } from './errors.ts'
export {
  type Announced,
  type AnnouncedEvent,
  type LoadAttributes,
  RecordEventSource,
  type RecordEventSourceOptions,
} from './record-event-source.ts'
