import { host } from "./host.ts";

/** Fills the `{parameters}` of a pattern. */
export function filled(pattern: string, parameters: object, part: (value: string, rest: boolean) => string): string {
    return pattern.replace(/\{\{|\}\}|\{(\*?)([^}]*)\}/g, (whole, rest: string | undefined, name: string) => {
        if (whole === "{{" || whole === "}}") return encoded(whole.slice(1));
        return part(String((parameters as Record<string, unknown>)[name]), rest === "*");
    });
}

export function topicPart(value: string): string {
    if (!value || value.includes(":")) throw new TypeError(`"${value}" cannot be a part of a topic`);
    return value;
}

export function pathPart(value: string, rest: boolean): string {
    const segments = rest ? value.split("/") : [value];
    // Such segments are taken away by whoever reads the address.
    if (segments.some((segment) => ["", ".", ".."].includes(segment))) {
        throw new TypeError(`"${value}" cannot be a part of a path`);
    }
    return segments.map(encoded).join("/");
}

export const encoded = encodeURIComponent;

/** Where a channel is. */
export function address(base: string | { href: string } | undefined, path: string, query: object): string {
    const server = base === undefined ? host.location?.origin : typeof base === "string" ? base : base.href;
    if (server === undefined) throw new TypeError("outside of a page, the server has to be named");
    const url = new host.URL(server);
    url.protocol = url.protocol.replace("http", "ws");
    url.pathname = url.pathname.replace(/\/$/, "") + path;
    url.hash = "";
    const given = Object.entries(query).flatMap(([name, values]) => {
        // A list is its name once for each.
        const each = [values].flat().filter((value) => value !== undefined && value !== null);
        return each.map((value) => `${encoded(name)}=${encoded(String(value))}`);
    });
    url.search = given.join("&");
    return url.href;
}
