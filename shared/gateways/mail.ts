/** Sending mail: what a host gives, an outbox on one machine. */

export type OutgoingMail = {
  /** The same mail has the same id: sending it again after a crash is seen by it. */
  id: string;
  /** When it was due, in ms of business time. */
  at: number;
  to: string;
  fromName: string;
  replyTo: string | null;
  subject: string;
  text: string;
  html: string;
};

export type Mail = {
  /** Whether mail leaves this host at all. */
  isConfigured: boolean;
  /** Hands a mail over. Throws where that failed; it is then tried again. */
  send(mail: OutgoingMail): Promise<void>;
};

/** A host that sends no mail: who asks for it is told so. */
export const NO_MAIL: Mail = {
  isConfigured: false,
  send: () => Promise.reject(new Error('this host sends no mail')),
};
