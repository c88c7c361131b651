// What compiles, and what must not.

import {
    channels,
    type ChannelConnection,
    type ConnectionOptions,
    type MessageOf,
    type RoomChannel,
    type Shape,
    type Violation,
} from "./client.ts";

const app = channels("wss://chat.example", { token: () => "t" });

import { channels as deskChannels, type Counted } from "./desk.ts";

/** Whether two types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function is<_ extends true>(): void {}

export async function compiles(room: ChannelConnection<RoomChannel>): Promise<void> {
    // What the path and the query are made of.
    app.room({ room: "lobby" }, { query: { history: 5, color: null }, token: "t", protocols: ["v2"] });
    app.presence({ place: 5 }, { query: { anything: true } });
    // @ts-expect-error: the path has a parameter
    app.room();
    // @ts-expect-error: which goes by another name
    app.room({ name: "lobby" });
    // @ts-expect-error: the query's is a number
    app.room({ room: "lobby" }, { query: { history: "5" } });
    // @ts-expect-error: there is no such channel
    app.lobby();

    // What is sent.
    room.send("chat", { text: "hi" });
    room.send("chat", { text: "hi", reply_to: null });
    room.send("ping");
    room.send("search");
    room.send("search", { words: ["x"] });
    room.send("topic", "rust");
    // @ts-expect-error: a payload is needed
    room.send("chat");
    // @ts-expect-error: of another kind
    room.send("chat", { text: 5 });
    // @ts-expect-error: with all that it needs
    room.send("chat", {});
    // @ts-expect-error: and no more
    room.send("chat", { text: "hi", colour: "red" });
    // @ts-expect-error: this is what the server sends
    room.send("chat_notification", {});
    // @ts-expect-error: a default may be left out, but not undefined
    room.send("introduce", { displayName: "ann", role: undefined });

    // What is heard.
    room.on("chat_notification", ({ author, line, at }, message) => {
        is<Same<typeof at, string>>();
        // What has a default is always there.
        is<Same<typeof author.role, "member" | "moderator" | "guest">>();
        is<Same<typeof line.reply_to, string | null>>();
        is<Same<typeof message.is_mine, boolean | undefined>>();
        // @ts-expect-error: there is no such property
        author.surname;
    });
    room.on("pong", (nothing, message) => {
        is<Same<typeof nothing, null>>();
        // @ts-expect-error: it does not go to groups
        message.is_mine;
    });
    room.on("error", (why) => {
        if (Array.isArray(why)) is<Same<typeof why, Violation[]>>();
        else is<Same<typeof why.reason, string | undefined>>();
    });
    // @ts-expect-error: the server takes this
    room.on("chat", () => {});
    // @ts-expect-error: nobody knows this
    room.on("typo", () => {});

    // What is asked.
    const answer = await room.request("topic", "rust", { timeout: 5, signal: new AbortController().signal });
    if (answer.ok) is<Same<typeof answer.payload, string>>();
    else if (answer.error.kind === "invalid") is<Same<typeof answer.error.violations, Violation[]>>();
    else if (answer.error.kind === "refused") is<Same<typeof answer.error.detail, string>>();
    else is<Same<typeof answer.error.sent, boolean>>();
    // @ts-expect-error: it may have failed
    answer.payload;
    // @ts-expect-error: nothing answers this
    await room.request("chat", { text: "hi" });
    await room.request("ping");
    // @ts-expect-error: nothing is answered by a stream here
    room.stream("search");
    const desk = deskChannels().desk();
    for await (const part of desk.stream("follow", { to: 3 })) {
        if (part.ok) is<Same<typeof part.payload, Counted>>();
        else if (part.error.kind === "refused") is<Same<typeof part.error.detail, string>>();
    }
    // @ts-expect-error: one reply would not be all
    await desk.request("follow", {});
    desk.send("follow", {});

    // What is subscribed to.
    const hub = deskChannels().hub();
    const topic = hub.subscribe.room({ room: 5 });
    topic.on("heard", ({ text }) => is<Same<typeof text, string>>());
    topic.send("say", { text: "hi" });
    const said = await topic.request("say", { text: "hi" });
    if (said.ok) is<Same<typeof said.action, "said">>();
    // @ts-expect-error: there is no such topic
    hub.subscribe.board;
    // @ts-expect-error: its parameter goes by another name
    hub.subscribe.room({ id: 5 });
    // @ts-expect-error: this is for the hub
    topic.send("ping");
    // @ts-expect-error: and this for the topic
    hub.send("say", { text: "hi" });

    // What a loop gets.
    for await (const message of room) {
        switch (message.action) {
            case "history":
                message.payload.map(({ author }) => author.displayName);
                break;
            case "draw":
                area(message.payload.shape);
                break;
            // @ts-expect-error: the server does not send this
            case "chat":
                break;
            default:
                break;
        }
    }

    // How it stands.
    const { status } = room;
    switch (status.state) {
        case "waiting":
            is<Same<typeof status.why.code, number>>();
            break;
        case "closed":
            is<Same<typeof status.unsent, number>>();
            break;
        default:
            // @ts-expect-error: there is nothing to tell
            status.why;
    }
    // As React's `useSyncExternalStore` takes them.
    const store: [(changed: () => void) => () => void, () => unknown] = [room.onStatus, () => room.status];
    store[0](() => {})();

    // What can be named.
    const named: MessageOf<RoomChannel, "member_joined">["payload"] = { member: "ann" };
    const options: ConnectionOptions<RoomChannel> = { query: {} };
    void [named, options];
    // @ts-expect-error: there are no topics
    room.subscribe.anything;
}

function area(shape: Shape): number {
    switch (shape.kind) {
        case "circle":
            return shape.radius ** 2 * Math.PI;
        case "polygon":
            return shape.points.length;
        case "nothing":
            return 0;
    }
}
