// Reads codes: from the camera (zxing-wasm), and from scanners that type.
const FORMATS = ["Code128", "Code39", "Codabar", "ITF", "QRCode"];
const OPTIONS = { formats: FORMATS, tryHarder: true, tryRotate: true, maxNumberOfSymbols: 1 };
// A frame, then room for the page to answer to a touch.
const PAUSE = 60;
// The same code is not taken twice in a row within this time.
const AGAIN = 2500;
// A person types slower than that; and in a field, what no code looks like is no scan.
const QUICK = 150;
const LEAST = 6;
const CODE = /^[*\s]*(?:[0-9]|H[0-9A-F])[0-9A-FX\s.-]*\**$/i;

let ready;

// Loads the reader from our own server; gives whether it works.
export function prepare() {
  const locateFile = (name, base) => (name.endsWith(".wasm") ? document.body.dataset.wasm : base + name);
  ready ??= globalThis.ZXingWASM.prepareZXingModule({ overrides: { locateFile }, fireImmediately: true });
  return ready.then(() => true, () => { ready = undefined; return false; });
}

// Starts the camera; `found` gets each text that was read alike in two frames.
export async function watch(video, found) {
  await prepare();
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: false,
    video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } },
  });
  video.srcObject = stream;
  await video.play();
  const [track] = stream.getVideoTracks();
  const seeing = { over: false };
  look(video, seeing, twice(found));
  return {
    torch: torchOf(track),
    stop() {
      seeing.over = true;
      video.srcObject = null;
      track.stop();
    },
  };
}

async function look(video, seeing, found) {
  const canvas = document.createElement("canvas");
  const paper = canvas.getContext("2d", { willReadFrequently: true });
  while (!seeing.over) {
    if (video.videoWidth && !document.hidden && !typing()) {
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      paper.drawImage(video, 0, 0);
      const [code] = await globalThis.ZXingWASM.readBarcodes(paper.getImageData(0, 0, canvas.width, canvas.height), OPTIONS);
      if (!seeing.over) found(code?.isValid ? code.text : "");
    }
    await new Promise((go) => { setTimeout(go, PAUSE); });
  }
}

// Who types by hand is not interrupted.
const typing = () => document.activeElement instanceof HTMLInputElement;

// ITF and Codabar may be read wrong once; hardly ever twice alike.
function twice(found) {
  let last = "";
  let taken = { text: "", at: 0 };
  return (text) => {
    const same = text && text === last;
    last = text;
    if (!same || (text === taken.text && Date.now() - taken.at < AGAIN)) return;
    taken = { text, at: Date.now() };
    found(text);
  };
}

function torchOf(track) {
  if (!track.getCapabilities?.().torch) return null;
  return (on) => track.applyConstraints({ advanced: [{ torch: on }] });
}

// Scanners that type are heard wherever the focus is: quick letters, then Enter.
export function listen(found) {
  let typed = "";
  let last = 0;
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.timeStamp - last > QUICK) typed = "";
    last = event.timeStamp;
    if (event.key.length === 1) typed += event.key;
    const { target } = event;
    const inField = target instanceof HTMLInputElement;
    if (event.key !== "Enter" || typed.length < LEAST || (inField && !CODE.test(typed))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (inField && target.value.endsWith(typed)) target.value = target.value.slice(0, -typed.length);
    found(typed);
    typed = "";
  }, { capture: true });
}
