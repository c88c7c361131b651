/** Any JSON. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue | undefined };

/** A message as it travels. */
export interface MessageFrame<Action extends string, Payload> {
    action: Action;
    payload: Payload;
    /** On replies: the one that their request has. */
    ref?: string;
    /** The topic that it belongs to. */
    topic?: string;
    /** A number that its publisher gave it. */
    seq?: number;
}

/** A message that may go to groups, and then tells whose it is where the server says so. */
export interface GroupFrame<Action extends string, Payload> extends MessageFrame<Action, Payload> {
    /** Whether the same user has sent it. */
    is_mine?: boolean;
    /** Whether the same connection has sent it. */
    is_current?: boolean;
}

/** One thing that is wrong with a message. */
export interface Violation {
    /** What is wrong, to branch on. */
    type: string;
    /** The path to the value, from the action on. */
    loc: (string | number)[];
    /** What is wrong, to read. */
    msg: string;
}

/** Why something was refused, where the data is not to blame. */
export interface ErrorDetail {
    /** What went wrong, to read. */
    detail: string;
    /** What went wrong, to branch on. */
    reason?: string;
    /** On `ref_in_use`: the ref that is. */
    ref?: string;
}

/** Why a message was refused or could not be dealt with. */
export type ErrorFrame = MessageFrame<"error", Violation[] | ErrorDetail>;

/** The outcome of the handshake, where the server tells it after the upgrade. */
export type AuthenticationFrame = MessageFrame<
    "authentication",
    { status_code: number; status_text: string; data: { detail: string } }
>;
