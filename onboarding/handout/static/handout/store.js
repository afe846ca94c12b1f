// What stays on this phone: today's list, and every act until the portal has taken it.
const NAME = "handout";
let opening;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("kept");
      asked.result.createObjectStore("acts", { keyPath: "seq", autoIncrement: true }).createIndex("id", "id", { unique: true });
    };
    // What the browser closes, or could not open, is opened anew next time.
    asked.onsuccess = () => {
      asked.result.onclose = () => { opening = null; };
      resolve(asked.result);
    };
    asked.onerror = () => {
      opening = null;
      reject(asked.error);
    };
  });
  return opening;
}

// Runs `work` in one transaction: either all of it is on the phone, or nothing.
async function inOne(mode, work) {
  const base = await open();
  return new Promise((resolve, reject) => {
    // "strict": what is shown as saved outlives an empty battery.
    const whole = base.transaction(["kept", "acts"], mode, { durability: mode === "readwrite" ? "strict" : "default" });
    let given;
    whole.oncomplete = () => resolve(given instanceof IDBRequest ? given.result : given);
    whole.onabort = whole.onerror = () => reject(whole.error);
    const give = (value) => { given = value; };
    const atOnce = work(whole.objectStore("kept"), whole.objectStore("acts"), give);
    given ??= atOnce;
  });
}

export const get = (key) => inOne("readonly", (kept) => kept.get(key));
export const set = (key, value) => inOne("readwrite", (kept) => { kept.put(value, key); });
export const drop = (key) => inOne("readwrite", (kept) => { kept.delete(key); });
export const acts = () => inOne("readonly", (_, all) => all.getAll());

// Saves an act, and the till as it leaves it: with money received, the next receipt.
export function add(act) {
  return inOne("readwrite", (kept, all, give) => {
    if (!act.body.shift || act.kind === "count_shift" || act.kind === "open_shift") {
      all.add(act);
      give(act);
      return undefined;
    }
    const till = kept.get("till");
    till.onsuccess = () => {
      const number = till.result.receipts + 1;
      kept.put({ ...till.result, receipts: number }, "till");
      const numbered = { ...act, body: { ...act.body, receipt: number } };
      all.add(numbered);
      give(numbered);
    };
    return undefined;
  });
}

// Notes what became of an act; there is no way to remove one that waits.
export function note(seq, changes) {
  return inOne("readwrite", (_, all) => {
    const found = all.get(seq);
    found.onsuccess = () => all.put({ ...found.result, ...changes });
  });
}

// Lets go of what arrived before today's list was made: the list says it all.
export function tidy(before) {
  return inOne("readwrite", (_, all) => {
    all.openCursor().onsuccess = ({ target: { result: cursor } }) => {
      if (!cursor) return;
      const { state, at } = cursor.value;
      if (state !== "waiting" && at < before) cursor.delete();
      cursor.continue();
    };
  });
}
