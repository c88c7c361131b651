// Values that a button fills in, since nobody likes to type them.

/** A random UUID; the browser's own is closed to pages without TLS. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const now = () => new Date().toISOString();

const FRESH = {
  uuid: { label: 'New', make: uuid },
  'date-time': { label: 'Now', make: now },
  date: { label: 'Today', make: () => now().slice(0, 10) },
  time: { label: 'Now', make: () => now().slice(11) },
};

/** `{label, make()}` for a format of which there is always a new value. */
export function freshOf(format) {
  return Object.hasOwn(FRESH, format) ? FRESH[format] : undefined;
}
