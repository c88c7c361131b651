import type { Ending } from "./options.ts";
import type { Violation } from "./message.ts";

/** What the compiler knows of one message that the server takes. */
export interface TakenFrame {
    payload: unknown;
    /** What may answer it. */
    replies: { action: string; payload: unknown };
    /** The reasons of errors that are declared. */
    reasons: string;
    /** That the replies are as many as it takes, and that is told. */
    streams?: true;
}

/** What the compiler knows of a channel or of a topic. */
export interface TopicProtocol {
    /** What the server takes, by action. */
    takes: { [action: string]: TakenFrame };
    /** What the server sends. */
    gives: { action: string; payload: unknown };
}

/** What the compiler knows of a channel besides. */
export interface ChannelProtocol extends TopicProtocol {
    query: object;
    /** The topics that can be subscribed to. */
    topics: { [topic: string]: TopicProtocol & { parameters: object } };
}

/** A message that the server of `P` sends: all of them, or those of one action. */
export type MessageOf<P extends TopicProtocol, Action extends P["gives"]["action"] = P["gives"]["action"]> = Extract<
    P["gives"],
    { action: Action }
>;

/** An action that the server of `P` takes. */
export type ActionOf<P extends TopicProtocol> = keyof P["takes"] & string;

/** An action that the server of `P` answers by one reply. */
export type RequestOf<P extends TopicProtocol> = {
    [Action in ActionOf<P>]: [P["takes"][Action]["replies"]] extends [never]
        ? never
        : P["takes"][Action] extends { streams: true }
          ? never
          : Action;
}[ActionOf<P>];

/** An action that the server of `P` answers by a stream. */
export type StreamOf<P extends TopicProtocol> = {
    [Action in ActionOf<P>]: P["takes"][Action] extends { streams: true } ? Action : never;
}[ActionOf<P>];

/** Why a request has no answer. */
export type RequestError<Reason extends string = string> =
    /** The payload is not as it should be. */
    | { kind: "invalid"; violations: Violation[] }
    /** The server refused it, or could not deal with it. */
    | { kind: "refused"; detail: string; reason?: Reason | (string & {}) }
    /** No answer came in time. What has been sent may have been handled. */
    | { kind: "timeout"; sent: boolean }
    /** The signal was aborted. What has been sent may have been handled. */
    | { kind: "aborted"; sent: boolean; reason: unknown }
    /** The connection ended before the answer. What has been sent may have been handled. */
    | { kind: "cut_off"; sent: boolean; why: Ending }
    /** There was no room for it while the connection is not open. */
    | { kind: "no_room"; sent: false };

/** What became of a request: one of the declared replies, or an error. */
export type RequestAnswer<T extends TakenFrame> = ({ ok: true } & T["replies"]) | { ok: false; error: RequestError<T["reasons"]> };
