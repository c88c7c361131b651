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
    ref?: string;
    sent: boolean;
    answered?(frame: AnyFrame): void;
    ended?(why: Ending): void;
}

/** A subscription as its connection sees it. */
export interface Subscribed {
    subscribe(): void;
    hear(frame: AnyFrame): boolean;
    lost(why: Ending): void;
    over(why: Ending): void;
}
