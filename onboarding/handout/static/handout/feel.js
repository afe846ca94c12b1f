// What an act feels like: a sound, a shake where there is one, a word for screen readers.
import { get, set } from "./store.js";

let sound;
let muted = false;

export const isMuted = () => muted;
export async function recall() { muted = (await get("muted")) === true; }
export async function mute(quiet) { muted = quiet; await set("muted", quiet); }

// Browsers play nothing before the first touch.
addEventListener("pointerdown", () => {
  sound ??= new AudioContext();
  if (sound.state === "suspended") sound.resume();
});

function tone(frequency, from, seconds) {
  const wave = sound.createOscillator();
  const volume = sound.createGain();
  wave.frequency.value = frequency;
  volume.gain.setValueAtTime(0.25, sound.currentTime + from);
  volume.gain.exponentialRampToValueAtTime(0.001, sound.currentTime + from + seconds);
  wave.connect(volume).connect(sound.destination);
  wave.start(sound.currentTime + from);
  wave.stop(sound.currentTime + from + seconds);
}

function play(...tones) {
  if (!muted && sound?.state === "running") for (const one of tones) tone(...one);
}

export function good(words) {
  play([880, 0, 0.12], [1320, 0.1, 0.16]);
  navigator.vibrate?.(60);
  announce("status", words);
}

export function bad(words) {
  play([220, 0, 0.2], [180, 0.22, 0.3]);
  navigator.vibrate?.([120, 80, 120]);
  announce("alert", words);
}

export function seen() {
  play([660, 0, 0.06]);
  navigator.vibrate?.(20);
}

export function announce(role, words) {
  document.getElementById(role).textContent = words;
}
