// How a connection stands, is lost and is found again.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mock, test } from "node:test";

import { channels, comeBack, type ClientOptions, type ConnectionStatus } from "./client.ts";
import { channels as desk } from "./desk.ts";
import { Socket, tick, timers, turn } from "./fake.ts";

const app = channels("https://chat.example/base/");
const room = (options: ClientOptions = {}) => app.room({ room: "a b/c" }, options);
const presence = (options: ClientOptions = {}) => app.presence({ place: "x/y z" }, options);

/** A connection that is open. */
function opened(options: ClientOptions = {}) {
    const connection = room(options);
    Socket.last.opens();
    return connection;
}

function why(status: ConnectionStatus) {
    assert.ok("why" in status, status.state);
    return status.why;
}

test("the address is made of the server, the path and the query", () => {
    app.room({ room: "a b/c" }, { query: { history: 5, color: null } });
    assert.equal(Socket.last.url, "wss://chat.example/base/ws/room/a%20b%2Fc?history=5");
    presence();
    assert.equal(Socket.last.url, "wss://chat.example/base/ws/presence/x/y%20z");
    channels("http://localhost:3000").room({ room: "ü" });
    assert.equal(Socket.last.url, "ws://localhost:3000/ws/room/%C3%BC");
});

test("what cannot be a part of a path is refused at once", () => {
    for (const part of ["", ".", ".."]) assert.throws(() => app.room({ room: part }), TypeError);
    assert.throws(() => app.presence({ place: "a//b" }), TypeError);
    assert.throws(() => channels().room({ room: "a" }), /the server has to be named/);
    assert.equal(Socket.all.length, 0);
});

test("each change of the status is told, and the status is one object until then", () => {
    const connection = room();
    const states: string[] = [];
    const off = connection.onStatus(({ state }) => states.push(state));

    Socket.last.opens();
    assert.equal(connection.status, connection.status);
    Socket.last.ends(1006);
    tick(250);
    off();
    Socket.last.opens();

    assert.deepEqual(states, ["open", "waiting", "connecting"]);
    assert.deepEqual(connection.status, { state: "open" });
});

test("a token is asked for each time, and goes as a subprotocol", async () => {
    let asked = 0;
    room({ token: async () => `token.${(asked += 1)}` });
    await turn();
    assert.deepEqual(Socket.last.protocols, ["bearer", "token.1"]);

    Socket.last.opens().ends(1006);
    tick(250);
    await turn();
    assert.deepEqual(Socket.last.protocols, ["bearer", "token.2"]);
});

test("a token that is no subprotocol goes where the query may have it", () => {
    room({ token: "a=/+&b" });
    assert.deepEqual(Socket.last.protocols, []);
    assert.match(Socket.last.url, /\?access_token=a%3D%2F%2B%26b$/);
});

test("a token goes to no channel that asks for none", () => {
    presence({ token: "secret" });
    assert.deepEqual(Socket.last.protocols, []);
    assert.doesNotMatch(Socket.last.url, /secret/);
});

test("where there is no token, it is tried again", async () => {
    const connection = room({ token: () => Promise.reject(new Error("offline")) });
    await turn();
    assert.equal(connection.status.state, "waiting");
    assert.equal(String(why(connection.status).error), "Error: offline");
    assert.equal(Socket.all.length, 0);
    connection.close();
});

test("a token that never comes is given up, and asked for again", async () => {
    let asked = 0;
    const connection = room({ token: () => ((asked += 1), new Promise<string>(() => {})) });
    tick(15_000);
    await turn();
    assert.equal(why(connection.status).reason, "timeout");
    tick(250);
    await turn();
    assert.equal(asked, 2);
    connection.close();
    assert.equal(timers.size, 0);
});

test("a token that cannot be told is told by the status", async () => {
    const throws = () => {
        throw new Error("no session");
    };
    const connection = room({ token: throws });
    await turn();
    assert.equal(String(why(connection.status).error), "Error: no session");
    connection.close();
    assert.equal(timers.size, 0);
});

test("a token that comes when it is too late opens nothing", async () => {
    let give = (_: string) => {};
    const connection = room({ token: () => new Promise((resolve) => (give = resolve)) });
    connection.close();
    give("late");
    await turn();
    assert.equal(Socket.all.length, 0);
    assert.equal(timers.size, 0);
});

test("waits double up to a bound, and are random below it", () => {
    const connection = room({ minDelay: 100, maxDelay: 1_000 });
    const delays: number[] = [];
    connection.onStatus((status) => status.state === "waiting" && delays.push(status.delay));
    for (let left = 6; left > 0; left -= 1) {
        Socket.last.ends(1006);
        tick(1_000);
    }
    assert.deepEqual(delays, [50, 100, 200, 400, 500, 500]);

    mock.method(Math, "random", () => 0);
    Socket.last.ends(1006);
    assert.equal(delays.at(-1), 0);
});

test("a connection that stood begins with the shortest wait again", () => {
    const connection = room({ minDelay: 100 });
    for (let left = 3; left > 0; left -= 1) {
        Socket.last.ends(1006);
        tick(1_000);
    }
    Socket.last.opens();
    tick(10_000);
    Socket.last.ends(1006);
    assert.deepEqual(connection.status, { state: "waiting", attempt: 1, delay: 50, why: { code: 1006, reason: "" } });
});

test("it is given up after as many attempts as are allowed", () => {
    const connection = room({ attempts: 2 });
    Socket.last.ends(1006);
    tick(500);
    Socket.last.ends(1006);
    tick(1_000);
    Socket.last.ends(1006);
    assert.equal(connection.status.state, "closed");
    assert.equal(Socket.all.length, 3);
});

test("an opening that takes too long is given up", () => {
    const connection = room();
    tick(15_000);
    assert.equal(why(connection.status).reason, "timeout");
    assert.equal(Socket.all[0]?.closed, 1005);
});

test("what cannot be opened, and is not closed either, is tried again", () => {
    const connection = room();
    Socket.last.onerror?.();
    assert.equal(why(connection.status).reason, "unreachable");
    Socket.all[0]?.onerror?.();
    tick(250);
    Socket.last.opens();
    Socket.last.onerror?.();
    assert.equal(connection.status.state, "open");
});

test("no code is as good as none that can be sent", () => {
    const connection = room();
    Socket.last.ends(0);
    assert.deepEqual([connection.status.state, why(connection.status).code], ["waiting", 1006]);
});

test("after too many messages the longest wait is waited", () => {
    const connection = opened({ maxDelay: 8_000 });
    Socket.last.ends(1008, "too many messages");
    assert.ok(connection.status.state === "waiting");
    assert.equal(connection.status.delay, 6_000);
});

test("after 4401 a fresh token is tried once", async () => {
    let asked = 0;
    const connection = room({ token: () => `${(asked += 1)}` });
    await turn();
    Socket.last.opens().ends(4401);
    assert.equal(connection.status.state, "waiting");
    tick(500);
    await turn();
    Socket.last.opens().ends(4401, "expired");
    assert.equal(connection.status.state, "closed");
    assert.equal(why(connection.status).code, 4401);
    assert.equal(asked, 2);
});

test("a token that served for a while and expires is not counted", async () => {
    const connection = room({ token: () => "t" });
    for (let left = 3; left > 0; left -= 1) {
        await turn();
        Socket.last.opens();
        tick(20_000);
        Socket.last.ends(4401);
        assert.equal(connection.status.state, "waiting");
        tick(500);
    }
    connection.close();
});

test("after 4401 without anything that gives tokens it is over", () => {
    const connection = opened();
    Socket.last.ends(4401);
    assert.equal(connection.status.state, "closed");
});

test("the application may decide otherwise", () => {
    const connection = opened({ retry: ({ code }) => (code === 4010 ? true : undefined) });
    Socket.last.ends(4010);
    assert.equal(connection.status.state, "waiting");
    tick(250);
    Socket.last.ends(4011);
    assert.equal(connection.status.state, "closed");
});

test("whoever is asked or told may close it", () => {
    const asked = opened({ retry: () => (asked.close(), true) });
    Socket.last.ends(1006);
    assert.equal(asked.status.state, "closed");

    const told = opened();
    told.onStatus(({ state }) => state === "waiting" && told.close());
    Socket.last.ends(1006);
    assert.equal(told.status.state, "closed");
    assert.equal(timers.size, 0);
});

test("whoever watches hears the last state last, and nothing once it does not", () => {
    const connection = opened();
    const [heard, gone]: [string[], string[]] = [[], []];
    connection.onStatus(({ state }) => {
        if (state !== "waiting") return;
        off();
        connection.close();
    });
    connection.onStatus(({ state }) => heard.push(state));
    const off = connection.onStatus(({ state }) => gone.push(state));
    Socket.last.ends(1006);
    assert.deepEqual([heard, gone], [["closed"], []]);
});

test("one function may watch twice", () => {
    const connection = room();
    let heard = 0;
    const watcher = () => (heard += 1);
    const off = connection.onStatus(watcher);
    connection.onStatus(watcher);
    off();
    Socket.last.opens();
    assert.equal(heard, 1);
});

test("a decision that throws is told, and the code decides", () => {
    const told: unknown[] = [];
    const retry = () => {
        throw new Error("undecided");
    };
    const connection = opened({ retry, onError: (error) => told.push(error) });
    Socket.last.ends(1001);
    assert.equal(connection.status.state, "waiting");
    assert.equal(String(told), "Error: undecided");
});

test("codes are what the book says", () => {
    const book = readFileSync(process.env["CHANX_BOOK"] ?? "", "utf8");
    const rows = [...book.matchAll(/^\| ([\d, …]+) \|[^|]*\| (yes|slower|once|no)\b[^|]*\|$/gm)];
    const codes = rows.flatMap(([, codes, advice]) => (codes ?? "").split(/[, …]+/).map((code) => [Number(code), advice] as const));
    assert.ok(codes.length >= 15, String(codes));
    for (const [code, advice] of codes) assert.equal(comeBack(code), advice, String(code));
    const listed = new Set(codes.map(([code]) => code));
    for (let code = 1000; code < 5000; code += 1) {
        const isListed = listed.has(code) || (code >= 4500 && code < 4600);
        assert.ok(isListed || comeBack(code) === "no", String(code));
    }
    for (const code of [1003, 3000, 4000, 4399, 4400, 4499, 4600, 4999]) assert.equal(comeBack(code), "no", String(code));
    for (const code of [1005, 1012, 1014, 4500, 4599]) assert.equal(comeBack(code), "yes", String(code));
});

test("a page that is not seen waits until it is", () => {
    const page = Object.assign(new EventTarget(), { visibilityState: "hidden" });
    Object.assign(globalThis, { document: page });
    try {
        const connection = opened();
        Socket.last.ends(1006);
        tick(60_000);
        assert.equal(connection.status.state, "waiting");
        assert.equal(Socket.all.length, 1);

        page.visibilityState = "visible";
        page.dispatchEvent(new Event("visibilitychange"));
        tick(250);
        assert.equal(connection.status.state, "connecting");
        connection.close();
        assert.equal(timers.size, 0);
    } finally {
        Object.assign(globalThis, { document: undefined });
    }
});

test("a machine without a network waits for one", () => {
    const network = new EventTarget();
    const navigator = { onLine: false };
    Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
    const { addEventListener, removeEventListener } = globalThis as unknown as EventTarget;
    Object.assign(globalThis, {
        addEventListener: network.addEventListener.bind(network),
        removeEventListener: network.removeEventListener.bind(network),
    });
    try {
        const connection = opened();
        Socket.last.ends(1006);
        tick(60_000);
        assert.equal(Socket.all.length, 1);

        navigator.onLine = true;
        network.dispatchEvent(new Event("online"));
        tick(250);
        assert.equal(Socket.all.length, 2);
        connection.close();

        // To the machine itself none is needed.
        navigator.onLine = false;
        const local = channels("http://localhost:3000").room({ room: "a" });
        Socket.last.ends(1006);
        tick(250);
        assert.equal(local.status.state, "connecting");
        local.close();
        assert.equal(timers.size, 0);
    } finally {
        Object.assign(globalThis, { addEventListener, removeEventListener });
        Object.defineProperty(globalThis, "navigator", { value: undefined, configurable: true });
    }
});

test("silence is broken by a ping, and a server that does not answer is left", () => {
    const connection = opened({ heartbeat: 1_000 });
    tick(1_000);
    assert.equal(Socket.last.sent.at(-1)?.action, "ping");
    Socket.last.answers("pong");
    tick(9_000);
    assert.equal(connection.status.state, "open");

    tick(2_000);
    assert.equal(why(connection.status).reason, "silent");
});

test("where something comes, no ping is sent", () => {
    opened({ heartbeat: 1_000 });
    for (let left = 10; left > 0; left -= 1) {
        tick(900);
        Socket.last.says({ action: "topic", payload: "x" });
    }
    assert.deepEqual(Socket.last.sent, []);
});

test("a channel that answers no ping gets none", () => {
    const connection = opened({ heartbeat: 0 });
    tick(600_000);
    assert.deepEqual(Socket.last.sent, []);
    connection.close();
});

test("where refusals come after the upgrade, it is open once the server answers", () => {
    const connection = presence();
    Socket.last.opens();
    assert.equal(connection.status.state, "connecting");
    assert.equal(Socket.last.sent[0]?.action, "ping");
    connection.send("done");
    assert.equal(Socket.last.sent.length, 1);

    Socket.last.answers("pong");
    assert.equal(connection.status.state, "open");
    assert.equal(Socket.last.sent[1]?.action, "done");
});

test("a refusal after the upgrade is told, and nothing that waits is lost to it", () => {
    const connection = presence();
    connection.send("done");
    Socket.last.opens();
    const data = { detail: "too many connections" };
    Socket.last.says({ action: "authentication", payload: { status_code: 429, status_text: "Too Many Requests", data } });
    Socket.last.ends(4429);
    assert.deepEqual(why(connection.status), { code: 4429, reason: "", status: 429, detail: "too many connections" });

    tick(500);
    Socket.last.opens().answers("pong");
    assert.equal(Socket.last.sent.at(-1)?.action, "done");
});

test("what a server was sent that then refuses is sent to the next", async () => {
    const gate = desk("https://chat.example").gate({ token: () => "t" });
    gate.send("say", { text: "waits" });
    await turn();
    Socket.last.opens();
    gate.send("say", { text: "sent" });
    const asked = gate.request("knock", null, { timeout: 60_000 });
    const given = gate.request("knock", null, { timeout: 100 });
    tick(100);
    assert.deepEqual(await given, { ok: false, error: { kind: "timeout", sent: true } });
    assert.equal(gate.status.state, "open");
    const data = { detail: "expired" };
    Socket.last.says({ action: "authentication", payload: { status_code: 401, status_text: "Unauthorized", data } });
    Socket.last.ends(4401);
    assert.equal(gate.status.state, "waiting");
    tick(500);
    await turn();
    Socket.last.opens();
    assert.deepEqual(
        Socket.last.sent.map(({ action, payload }) => [action, payload]),
        [
            ["say", { text: "waits" }],
            ["say", { text: "sent" }],
            ["knock", null],
        ],
    );
    Socket.last.answers("heard", { text: "who is there?" });
    assert.ok((await asked).ok);

    // Once the server has said something, it has handled what it was sent.
    gate.send("say", { text: "handled" });
    Socket.last.says({ action: "heard", payload: { text: "x" } });
    Socket.last.ends(1006);
    tick(1_000);
    await turn();
    Socket.last.opens();
    assert.deepEqual(Socket.last.sent, []);
    gate.close();
});

test("what a server was sent that refuses for good is counted", async () => {
    const gate = desk("https://chat.example").gate({ token: "t" });
    await turn();
    Socket.last.opens();
    gate.send("say", { text: "sent" });
    const asked = gate.request("knock");
    const data = { detail: "banned" };
    Socket.last.says({ action: "authentication", payload: { status_code: 403, status_text: "Forbidden", data } });
    Socket.last.ends(4403);
    assert.ok(gate.status.state === "closed");
    assert.equal(gate.status.unsent, 2);
    const answer = await asked;
    assert.ok(!answer.ok && answer.error.kind === "cut_off" && !answer.error.sent);
});

test("closing leaves nothing behind", async () => {
    const connection = opened();
    const request = connection.request("ping");
    const next = connection[Symbol.asyncIterator]().next();
    const { onStatus } = connection;
    const states: string[] = [];
    onStatus(({ state }) => states.push(state));

    connection.close();
    connection.close();

    assert.equal(timers.size, 0);
    assert.equal(Socket.last.closed, 1000);
    assert.deepEqual(states, ["closed"]);
    assert.deepEqual(await next, { value: undefined, done: true });
    const answer = await request;
    assert.ok(!answer.ok && answer.error.kind === "cut_off" && answer.error.sent);
    assert.equal(connection.send("ping"), false);
    assert.deepEqual(await connection.request("ping"), {
        ok: false,
        error: { kind: "cut_off", sent: false, why: { code: 1000, reason: "" } },
    });
    Socket.last.says({ action: "pong", payload: null });
    Socket.last.ends(1000);
    tick(600_000);
    assert.equal(Socket.all.length, 1);
});

test("closing while it waits, or is opened, leaves nothing behind either", () => {
    const waiting = opened();
    Socket.last.ends(1006);
    waiting.close();
    const connecting = room();
    connecting.close();
    assert.equal(timers.size, 0);
    tick(600_000);
    assert.equal(Socket.all.length, 2);
});

test("what is closed can be opened again", () => {
    const connection = opened();
    connection.close();
    connection.open();
    connection.open();
    Socket.last.opens();
    assert.equal(connection.status.state, "open");
    assert.equal(Socket.all.length, 2);
});

test("an address that no socket takes is told by the status", () => {
    const connection = channels("wss://chat.example").room({ room: "a" }, { protocols: ["x"], token: "a b" });
    connection.close();
    const broken = room({ token: () => "ok" });
    Object.assign(globalThis, {
        WebSocket: class {
            constructor() {
                throw new SyntaxError("no");
            }
        },
    });
    return turn().then(() => assert.equal(why(broken.status).reason, "address"));
});

test("one can wait until it is open, or over", async () => {
    const connection = room();
    const settled = connection.settled();
    Socket.last.opens();
    assert.deepEqual(await settled, { state: "open" });
    const closed = room();
    Socket.last.ends(4403);
    assert.equal((await closed.settled()).state, "closed");
});
