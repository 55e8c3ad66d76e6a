// The microphone and the camera of this device, each opened only after consent; stopping lets go of them at once.

/** Open the microphone: `heard(samples)` gets 16-bit sound at 16 kHz, `level(0..1)` how loud it is. Returns stop(). */
export async function listen(heard, level) {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true }, video: false,
  });
  const context = new AudioContext({ sampleRate: 16000 });
  await context.audioWorklet.addModule(new URL("./recorder.js", import.meta.url));
  await context.resume();
  const recorder = new AudioWorkletNode(context, "recorder", { numberOfOutputs: 0 });
  recorder.port.onmessage = ({ data }) => {
    heard(data.samples);
    level(Math.min(1, data.level * 6));
  };
  const source = context.createMediaStreamSource(stream);
  source.connect(recorder);
  return () => {
    recorder.port.onmessage = null;
    for (const track of stream.getTracks()) track.stop();
    context.close();
  };
}

/** Open the camera: shows it in `video`, and `seen(base64)` gets five JPEG pictures a second. Returns stop(). */
export async function watch(video, seen) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480, facingMode: "user" }, audio: false });
  video.srcObject = stream;
  await video.play();
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  const timer = setInterval(() => {
    if (!video.videoWidth) return;
    canvas.width = 480;
    canvas.height = Math.round((480 * video.videoHeight) / video.videoWidth);
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    seen(canvas.toDataURL("image/jpeg", 0.8).split(",")[1]);
  }, 200);
  return () => {
    clearInterval(timer);
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
}

/** Say in plain words why a device could not be opened. */
export function hindrance(error, what) {
  const reasons = {
    NotAllowedError: `The browser did not give access to the ${what}. Its address bar shows where to allow it.`,
    NotFoundError: `There is no ${what} on this device.`,
    NotReadableError: `The ${what} is in use by another program.`,
  };
  return reasons[error.name] || `The ${what} could not be opened: ${error.message}`;
}
