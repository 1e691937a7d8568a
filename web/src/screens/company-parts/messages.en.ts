import { texts } from '../../messages/texts.ts';

export const t = texts({
  'request.queued': 'Waiting',
  'request.working': 'In work',
  'request.resolved': 'Resolved, to confirm',
  'request.confirmed': 'Confirmed',
  'request.assumed': 'Assumed',
  'request.settled': 'Settled',
  'request.unserved': 'Not served',
  'request.held_back': 'Held back',
  'request.cancelled': 'Cancelled',
  'request.linked': 'Came back',
  'import.uploading': 'Waits for its file',
  'import.running': 'Running',
  'import.done': 'Done',
  'import.cancelled': 'Cancelled',
  'import.stopped': 'Stopped',
  'import.expired': 'Expired',
  'takeOff.act': 'Take off',
  'takeOff.title': 'Take {name} off your requests of this queue?',
  'takeOff.text':
    'It gets no more of them at once. What it holds now is taken back, and others take its share, or standing bids do at up to the ceiling. You still owe what you committed. You can allow it again any time.',
  'takeOff.done': '{name} is off your requests of this queue.',
});
