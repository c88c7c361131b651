import type { Ending } from "./options.ts";

/** A frame of the protocol. */
export interface AnyFrame {
    action: string;
    payload?: unknown;
    ref?: string;
    topic?: string;
    version?: 1;
}

/** What a channel is at run time. */
export interface ChannelAbout {
    path: string;
    bearer?: boolean;
    bearerQuery?: string;
    authentication?: boolean;
    ping?: boolean;
    topics?: { [topic: string]: string };
}

/** A message that waits for its turn, or for its answer. */
export interface PendingFrame {
    text: string;
    ref?: string | undefined;
    topic?: string | undefined;
    /** Which conversation it is a part of. */
    owner?: object;
    /** That it is the protocol's own, and means nothing to another connection. */
    own?: boolean;
    sent: boolean;
    answered?(frame: AnyFrame): void;
    ended?(why: Ending): void;
}

/** What hears the frames of a connection or of a topic, and tells whether anybody listens. */
export interface Hearer {
    hear(frame: AnyFrame): boolean;
}
