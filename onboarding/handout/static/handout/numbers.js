// Card numbers, judged here as the portal does (onboarding.cards.numbers).
const BETWEEN = /[\s*.\-–/]+/g;
const SHAPE = /^[0-9]+[0-9X]$/;
const MATRICULATION = /^[0-9]{5,8}$/;
// What the QR code of a student's page says.
const HANDLE = /^H[0-9A-F]{16}$/;

export const isHandle = (text) => HANDLE.test(text.trim().toUpperCase());
export const masked = (number) => (number ? `${number.slice(0, 3)}…${number.slice(-4)}` : "");

export function checkDigit(digits) {
  const weighed = [...digits].reverse().reduce((sum, digit, place) => sum + Number(digit) * (place + 2), 0);
  const digit = (11 - (weighed % 11)) % 11;
  return digit === 10 ? "X" : String(digit);
}

// Gives {number, doubtful}, or {refused} with the word that says why.
export function read(typed, { prefix, lengths, check }) {
  const number = typed.replace(BETWEEN, "").toUpperCase();
  if (MATRICULATION.test(number) && !lengths.includes(number.length)) return { refused: "stop_matriculation" };
  if (!SHAPE.test(number)) return { refused: "stop_digits" };
  if (!number.startsWith(prefix)) return { refused: "stop_prefix" };
  if (!lengths.includes(number.length)) return { refused: "stop_length" };
  const fits = check === "off" || checkDigit(number.slice(0, -1)) === number.at(-1);
  if (!fits && check === "enforce") return { refused: "stop_check" };
  return { number, doubtful: !fits };
}
