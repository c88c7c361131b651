/**
 * Whether and how to come back after a close code, or after the reason with which a subscription ended.
 *
 * | | |
 * | --- | --- |
 * | `"yes"` | after a random wait, whose bound doubles each time |
 * | `"slower"` | after the longest wait |
 * | `"once"` | once, with a fresh token; the second time in a row it is over |
 * | `"no"` | the server or this client is done, or the same would come of it again |
 */
export function comeBack(after: number | string): "yes" | "slower" | "once" | "no" {
    if (typeof after === "string") {
        if (after === "rate_limited") return "slower";
        return ["too_slow", "failed", ""].includes(after) ? "yes" : "no";
    }
    if (after === 4401) return "once";
    if (after === 1008) return "slower";
    if ([1001, 1005, 1006, 1011, 1012, 1013, 1014, 1015, 4408, 4425, 4429].includes(after)) return "yes";
    return after >= 4500 && after < 4600 ? "yes" : "no";
}
