// What a client has to do on every platform, and that it leaves nothing behind which keeps a program from ending.

import * as deskClient from "./desk.ts";
import * as showcaseClient from "./showcase.ts";

const [, , desk = "", showcase = ""] = process.argv;

function check(what: string, holds: boolean): void {
    if (!holds) throw new Error(`it does not hold: ${what}`);
}

interface Watchable {
    readonly status: deskClient.ConnectionStatus;
    onStatus(watcher: (status: deskClient.ConnectionStatus) => void): () => void;
}

function until(connection: Watchable, state: string): Promise<deskClient.Ending> {
    return new Promise((resolve) => {
        const look = (status: deskClient.ConnectionStatus) => {
            if (status.state !== state) return;
            off();
            resolve("why" in status ? status.why : { code: 0, reason: "" });
        };
        const off = connection.onStatus(look);
        look(connection.status);
    });
}

const app = showcaseClient.channels(showcase);
const [system, chat, analytics] = [app.system(), app.chat(), app.analytics()];
const [room, jobs] = [app.roomChat({ room_name: "tea & cake/…" }), app.backgroundJobs()];
const pongs = [system.request("ping"), chat.request("ping"), analytics.request("ping"), room.request("ping"), jobs.request("ping")];
for (const pong of await Promise.all(pongs)) check("each channel answers", pong.ok);
const echoed = await system.request("user_message", { message: "größer" });
check("letters are kept", echoed.ok && echoed.payload.message.endsWith("größer"));
for (const channel of [system, chat, analytics, room, jobs]) channel.close();

const channels = deskClient.channels(desk, { minDelay: 10 });
const one = channels.desk();
const wrong = await one.request("count", { to: -1 });
check("violations are told", !wrong.ok && wrong.error.kind === "invalid");

one.on("counted", ({ number }) => {
    if (number === 0) throw new Error("nobody catches this");
});
let counted = 0;
one.on("counted", () => (counted += 1));
check("a count is answered", (await one.request("count", { to: 1_000 })).ok);
check("messages come", counted === 1_000);

let parts = 0;
for await (const part of one.stream("follow", { to: 100 })) parts += part.ok ? 1 : 0;
check("a stream ends", parts === 100);
for await (const part of one.stream("follow", {})) if (part.ok && part.payload.number === 10) break;
check("a stream can be left", (await one.request("ping")).ok);

one.send("close_with", { code: 1011 });
check("codes are told", (await until(one, "waiting")).code === 1011);
await until(one, "open");
check("it comes back", (await one.request("ping")).ok);
one.send("close_with", { code: 4010 });
check("and does not", (await until(one, "closed")).code === 4010);

const hub = channels.hub();
const [tea, locked] = [hub.subscribe.room({ room: "tea" }), hub.subscribe.room({ room: "locked" })];
check("topics are spoken to", (await tea.request("say", { text: "one lump" })).ok);
check("topics are refused", (await until(locked, "closed")).reason === "unauthorized");

const vault = channels.vault({ token: () => "wrong" });
const { code, status, detail } = await until(vault, "closed");
check("refusals are told", code === 4401 && status === 401 && detail === "no such token");

const nobody = deskClient.channels("http://127.0.0.1:9", { attempts: 1, minDelay: 1 }).desk();
check("nobody is there", (await until(nobody, "closed")).code === 1006);

hub.close();
check("closing is told", hub.status.state === "closed" && tea.status.state === "closed");
console.log("all is well");
