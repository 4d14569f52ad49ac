// SPDX-License-Identifier: Apache-2.0
// An image from the camera.

const ADVICE = {
  NotAllowedError: "the browser does not allow the camera: allow it in the settings of this page, or choose a file",
  NotFoundError: "no camera was found: connect one, or choose a file",
  NotReadableError: "the camera is in use by another program: close that, or choose a file",
};

/** Browsers grant the camera to pages of this machine, and to pages over TLS. */
export const hasCamera = () => Boolean(navigator.mediaDevices?.getUserMedia);

/** Shows the camera and resolves to a file, or to null if the user cancels. */
export function takeImage(dialog) {
  const video = dialog.querySelector("video");
  const take = dialog.querySelector(".take");
  const notice = dialog.querySelector(".notice");
  notice.textContent = "";
  take.disabled = true;
  dialog.returnValue = "";
  dialog.showModal();
  const opened = navigator.mediaDevices.getUserMedia({ video: { facingMode: "user", width: { ideal: 1280 } } });
  opened.then(
    (stream) => {
      video.srcObject = stream;
      video.onloadeddata = () => {
        take.disabled = false;
        take.focus();
      };
    },
    (error) => {
      notice.textContent = ADVICE[error.name] ?? "the camera cannot be used: choose a file";
    });
  return new Promise((resolve) => {
    let file = null;
    take.onclick = async () => {
      take.disabled = true;
      file = await frame(video);
      dialog.close();
    };
    dialog.querySelector(".cancel").onclick = () => dialog.close();
    dialog.onclose = () => {
      // Also if the browser grants the camera only after the dialog was closed.
      opened.then((stream) => stream.getTracks().forEach((track) => track.stop()), () => {});
      video.srcObject = null;
      resolve(file);
    };
  });
}

async function frame(video) {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d").drawImage(video, 0, 0);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  return new File([blob], "camera", { type: blob.type });
}
