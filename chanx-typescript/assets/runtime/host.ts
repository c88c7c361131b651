/** The part of the platform that is used, which all of them have. */
export interface HostPlatform {
    WebSocket: new (url: string, protocols: string[]) => PlatformSocket;
    URL: new (url: string) => { protocol: string; pathname: string; search: string; hash: string; href: string };
    setTimeout(run: () => void, after: number): unknown;
    clearTimeout(timer: unknown): void;
    console: { error(...what: unknown[]): void };
    reportError?(error: unknown): void;
    location?: { origin: string };
    navigator?: { onLine?: boolean };
    document?: PlatformEvents & { visibilityState: string };
    addEventListener?: PlatformEvents["addEventListener"];
    removeEventListener?: PlatformEvents["removeEventListener"];
}

export interface PlatformEvents {
    addEventListener(type: string, listener: () => void): void;
    removeEventListener(type: string, listener: () => void): void;
}

export interface PlatformSocket {
    readonly bufferedAmount: number;
    readonly readyState: number;
    onopen: (() => void) | null;
    onmessage: ((event: { data: unknown }) => void) | null;
    onclose: ((event: { code: number; reason: string }) => void) | null;
    onerror: (() => unknown) | null;
    send(text: string): void;
    close(code?: number, reason?: string): void;
}

export const host = globalThis as unknown as HostPlatform;
