// The client and a server, over sockets of the machine.

import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile, readdir } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { after, test } from "node:test";

import * as deskClient from "./desk.ts";
import * as showcaseClient from "./showcase.ts";

type Standing = { state: string; why?: deskClient.Ending };
interface Watchable {
    readonly status: Standing;
    onStatus(watcher: (status: Standing) => void): () => void;
}

const servers = new Set<ChildProcess>();
after(() => servers.forEach((server) => server.kill("SIGKILL")));

/** Starts the showcase, on a port that it had before or on a new one. */
async function showcase(port = "0"): Promise<{ url: string; port: string; server: ChildProcess }> {
    const server = spawn(process.env["CHANX_SHOWCASE"] ?? "", {
        env: { ...process.env, PORT: port, RUST_LOG: "off" },
        stdio: ["ignore", "pipe", "inherit"],
    });
    servers.add(server);
    for await (const line of createInterface(server.stdout)) {
        const [, url, own] = /(http:\/\/127\.0\.0\.1:(\d+))/.exec(line) ?? [];
        if (url && own) {
            server.stdout.resume();
            return { url, port: own, server };
        }
    }
    throw new Error("the showcase does not tell its address");
}

async function end(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
    server.kill(signal);
    if (server.exitCode === null && server.signalCode === null) await once(server, "exit");
    servers.delete(server);
}

/** Stops a server where it stands: each of its threads, which the signal alone does not wait for. */
async function stop(server: ChildProcess): Promise<void> {
    server.kill("SIGSTOP");
    const tasks = `/proc/${server.pid}/task`;
    for (const task of await readdir(tasks)) {
        while (!/\) T/.test(await readFile(`${tasks}/${task}/stat`, "utf8")));
    }
}

/** Waits for a state, which may be there already. */
function until(connection: Watchable, state: string): Promise<Standing> {
    return new Promise((resolve) => {
        const look = (status: Standing) => {
            if (status.state !== state) return;
            off();
            resolve(status);
        };
        const off = connection.onStatus(look);
        look(connection.status);
    });
}

function payload<T extends { ok: true; payload: unknown }>(answer: T | { ok: false; error: unknown }): T["payload"] {
    assert.ok(answer.ok, JSON.stringify(answer));
    return answer.payload;
}

const desk = deskClient.channels(process.env["CHANX_DESK"] ?? "", { minDelay: 10 });

test("every channel of the showcase is spoken to", async () => {
    const { url, server } = await showcase();
    const app = showcaseClient.channels(url);
    const [system, chat, analytics] = [app.system(), app.chat(), app.analytics()];
    const [room, jobs] = [app.roomChat({ room_name: "tea & cake/…" }), app.backgroundJobs()];
    const [reliable, notifications] = [app.reliableChat(), app.notifications()];
    const asked = [
        system.request("ping"),
        chat.request("ping"),
        analytics.request("ping"),
        room.request("ping"),
        jobs.request("ping"),
        reliable.request("ping"),
        notifications.request("ping"),
    ];
    for (const answer of await Promise.all(asked)) assert.ok(answer.ok);

    assert.deepEqual(payload(await system.request("user_message", { message: "hello" })), {
        message: "🔧 System Echo: hello",
    });
    assert.equal(payload(await chat.request("extra_request", "one")), "one any extra thing");

    const heard = new Promise((resolve) => chat.on("chat_notification", ({ message }) => resolve(message)));
    const other = app.chat();
    await until(other, "open");
    other.send("chat", { message: "from the other" });
    assert.match(String(await heard), /joined|from the other/);

    const tracked = new Promise((resolve) => analytics.on("analytics_notification", ({ data }) => resolve(data)));
    analytics.send("analytics", { event: "view", data: { page: ["/", null, 1.5] } });
    assert.deepEqual(await tracked, { page: ["/", null, 1.5] });

    const stages = new Promise((resolve) => jobs.on("job_status", ({ status }) => status === "queued" && resolve(status)));
    jobs.send("job", { content: "hello" });
    assert.equal(await stages, "queued");

    const told = new Promise((resolve) => room.on("room_notification", (said) => resolve(said)));
    room.send("room_chat", { message: "hi" });
    assert.match(JSON.stringify(await told), /hi/);

    for (const one of [system, chat, analytics, room, jobs, reliable, notifications, other]) one.close();
    await end(server, "SIGTERM");
});

test("a message that is wrong is refused, and the connection goes on", async () => {
    const connection = desk.desk();
    const answer = await connection.request("count", { to: -1 } as { to: number });
    assert.ok(!answer.ok && answer.error.kind === "invalid");
    assert.deepEqual(answer.error.violations[0]?.loc, ["count", "payload", "to"]);
    assert.ok((await connection.request("ping")).ok);
    connection.close();
});

test("a server that is killed and comes back is found again", async (test) => {
    const { url, port, server } = await showcase();
    const told: unknown[] = [];
    const chat = showcaseClient.channels(url, { minDelay: 50, maxDelay: 200, onError: (e) => told.push(e) }).chat();
    test.after(() => chat.close());
    await until(chat, "open");

    await end(server, "SIGKILL");
    assert.equal((await until(chat, "waiting")).why?.code, 1006);
    const waits = chat.request("extra_request", "later", { timeout: 30_000 });

    const again = await showcase(port);
    assert.equal(payload(await waits), "later any extra thing");
    assert.equal(chat.status.state, "open");

    // Before the server has ended: it is looked for again, and then nobody is there.
    const away = until(chat, "waiting");
    await end(again.server, "SIGTERM");
    assert.equal((await away).why?.code, 1001);
    assert.deepEqual(told, []);
});

test("a request on a connection that breaks is cut off", async () => {
    const { url, server } = await showcase();
    const system = showcaseClient.channels(url).system();
    await until(system, "open");
    await stop(server);
    const asked = system.request("ping");
    await end(server, "SIGKILL");
    const answer = await asked;
    assert.ok(!answer.ok && answer.error.kind === "cut_off" && answer.error.sent);
    system.close();
});

test("codes decide whether it comes back", async () => {
    const states: [number, string][] = [
        [1000, "closed"],
        [1009, "closed"],
        [4010, "closed"],
        [4403, "closed"],
        [1001, "waiting"],
        [1008, "waiting"],
        [1011, "waiting"],
        [4503, "waiting"],
    ];
    for (const [code, state] of states) {
        const connection = desk.desk();
        connection.send("close_with", { code });
        const { why } = await until(connection, state);
        assert.deepEqual(why, { code, reason: "as asked" });
        connection.close();
    }
});

test("ten thousand messages come in order, to a page that is busy too", async () => {
    const connection = desk.desk();
    const numbers: number[] = [];
    connection.on("counted", ({ number }) => {
        numbers.push(number);
        if (number !== 1_000) return;
        const busy = Date.now() + 300;
        while (Date.now() < busy);
    });
    assert.ok((await connection.request("count", { to: 10_000 })).ok);
    assert.deepEqual(numbers, [...Array(10_000).keys()]);
    connection.close();
});

test("ten thousand requests are each answered", async () => {
    const connection = desk.desk();
    await until(connection, "open");
    const asked = Array.from({ length: 10_000 }, () => connection.request("ping", null, { timeout: 60_000 }));
    assert.ok((await Promise.all(asked)).every(({ ok }) => ok));
    connection.close();
});

test("a stream is heard to its end, or as long as somebody listens", async () => {
    const connection = desk.desk();
    const numbers: unknown[] = [];
    for await (const part of connection.stream("follow", { to: 1_000 })) numbers.push(part.ok && part.payload.number);
    assert.deepEqual(numbers, [...Array(1_000).keys()]);

    let late = 0;
    connection.on("counted", () => (late += 1));
    let heard = 0;
    for await (const part of connection.stream("follow", {})) {
        assert.ok(part.ok);
        if ((heard += 1) === 100) break;
    }
    assert.ok((await connection.request("ping")).ok);
    assert.equal(late, 0);

    for await (const part of connection.stream("follow", { to: 0 })) {
        assert.deepEqual(part, { ok: false, error: { kind: "refused", detail: "nothing to tell", reason: "empty" } });
    }
    connection.close();
});

test("topics are streams of one connection", async () => {
    const hub = desk.hub();
    const [tea, cake, locked] = [
        hub.subscribe.room({ room: "tea" }),
        hub.subscribe.room({ room: "cake" }),
        hub.subscribe.room({ room: "locked" }),
    ];
    const heard: unknown[] = [];
    tea.on("heard", ({ text }, { is_current }) => heard.push([text, is_current]));
    cake.on("heard", ({ text }) => heard.push(text));
    assert.ok((await tea.request("say", { text: "one lump" })).ok);
    assert.ok((await cake.request("say", { text: "a slice" })).ok);
    assert.ok((await hub.request("ping")).ok);
    assert.equal((await until(locked, "closed")).why?.reason, "unauthorized");
    assert.deepEqual(heard, [["one lump", true], "a slice"]);

    cake.send("archive");
    const { why } = await until(cake, "closed");
    assert.equal(why?.code, 1000);
    tea.unsubscribe();
    assert.ok((await hub.request("ping")).ok);
    hub.close();
});

test("a subscription that fails is made again, and what was sent meanwhile is handled", async () => {
    const hub = desk.hub({ onError: () => {} });
    const tea = hub.subscribe.room({ room: "tea" });
    await until(tea, "open");
    tea.send("fail");
    assert.equal((await until(tea, "waiting")).why?.reason, "failed");
    const asked = tea.request("say", { text: "still here" });
    assert.ok((await asked).ok);
    assert.equal(tea.status.state, "open");
    assert.equal(hub.status.state, "open");
    hub.close();
});

test("a subscription that is left while a stream and a request are under way ends both", async () => {
    const hub = desk.hub();
    const [tea, other] = [hub.subscribe.room({ room: "tea" }), hub.subscribe.room({ room: "tea" })];
    const heard: string[] = [];
    other.on("heard", ({ text }) => heard.push(text));
    const stream = tea.stream("replay", {});
    assert.ok((await stream.next()).value?.ok);
    const asked = tea.request("say", { text: "handled all the same" });
    tea.unsubscribe();
    let last: unknown;
    for await (const part of stream) last = part.ok || part.error.kind;
    assert.equal(last, "cut_off");
    assert.ok(!(await asked).ok);
    assert.ok((await other.request("say", { text: "still subscribed" })).ok);
    assert.deepEqual(heard, ["handled all the same", "still subscribed"]);
    hub.close();
});

test("a topic that has a route of its own is a connection", async () => {
    const room = desk.hubRoomRoute({ room: "tea" });
    const heard: unknown[] = [];
    const loop = (async () => {
        for await (const message of room) heard.push(message.action);
    })();
    room.send("say", { text: "before it is open" });
    assert.ok((await room.request("say", { text: "one lump" })).ok);
    let parts = 0;
    for await (const part of room.stream("replay", { lines: 10 })) parts += part.ok ? 1 : 0;
    assert.equal(parts, 10);
    room.send("archive");
    const { why } = await until(room, "closed");
    assert.deepEqual(why, { code: 4000, reason: "archived" });
    await loop;
    // What the status tells is no message: neither `subscribed` nor the end.
    assert.deepEqual(heard.sort(), ["heard", "heard", "said"]);

    const locked = desk.hubRoomRoute({ room: "locked" }, { attempts: 1 });
    assert.equal((await until(locked, "closed")).why?.code, 1006);
});

test("what is sent with a token that is refused is handled with the next", async () => {
    const tokens = ["stale", "fresh"];
    const gate = desk.gate({ token: () => tokens.shift() ?? "fresh" });
    const heard: string[] = [];
    gate.on("heard", ({ text }) => heard.push(text));
    gate.send("say", { text: "one" });
    const asked = gate.request("knock");
    assert.equal((await until(gate, "waiting")).why?.detail, "expired");
    gate.send("say", { text: "two" });
    assert.ok((await asked).ok);
    assert.ok((await gate.request("knock")).ok);
    assert.deepEqual(heard, ["one", "two"]);
    gate.close();
});

test("connections of one program know nothing of each other", async () => {
    const [one, other] = [desk.hub(), desk.hub()];
    const [mine, theirs] = [one.subscribe.room({ room: "cake" }), other.subscribe.room({ room: "cake" })];
    await until(theirs, "open");
    const heard = new Promise((resolve) => theirs.on("heard", (_, { is_current }) => resolve(is_current)));
    assert.ok((await mine.request("say", { text: "hello" })).ok);
    assert.equal(await heard, false);
    one.close();
    assert.ok((await theirs.request("say", { text: "alone" })).ok);
    other.close();
});

test("a token that expires is followed by a fresh one, once", async () => {
    const given: number[] = [];
    const token = () => {
        given.push(Date.now() + 400);
        return String(given.at(-1));
    };
    const vault = desk.vault({ token });
    await until(vault, "open");
    await until(vault, "waiting");
    await until(vault, "open");
    const { why } = await until(vault, "closed");
    assert.equal(why?.code, 4401);
    assert.equal(given.length, 2);
});

test("a token that is refused is told, with the server's own words", async () => {
    const vault = desk.vault({ token: () => "wrong" });
    const opened: string[] = [];
    vault.onStatus(({ state }) => opened.push(state));
    const { why } = await until(vault, "closed");
    assert.deepEqual(why, { code: 4401, reason: "no such token", status: 401, detail: "no such token" });
    assert.ok(!opened.includes("open"), String(opened));
});

test("nobody at the address is told and tried again", async () => {
    const nobody = createServer().listen(0, "127.0.0.1");
    await once(nobody, "listening");
    const { port } = nobody.address() as AddressInfo;
    nobody.close();
    const connection = deskClient.channels(`http://127.0.0.1:${port}`, { attempts: 2, minDelay: 1 }).desk();
    const { why } = await until(connection, "closed");
    assert.equal(why?.code, 1006);
});
