/**
 * Whether and how to come back after a close code.
 *
 * | | |
 * | --- | --- |
 * | `"yes"` | after a random wait, whose bound doubles each time |
 * | `"slower"` | after the longest wait |
 * | `"once"` | once, with a fresh token; the second time in a row it is over |
 * | `"no"` | the server or this client is done, or the same would come of it again |
 */
export function comeBack(code: number): "yes" | "slower" | "once" | "no" {
    if (code === 4401) return "once";
    if (code === 1008) return "slower";
    if ([1001, 1005, 1006, 1011, 1012, 1013, 1014, 1015, 4408, 4425, 4429].includes(code)) return "yes";
    return code >= 4500 && code < 4600 ? "yes" : "no";
}
