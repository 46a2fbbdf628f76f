// Photos are drawn anew on the phone: less to send where the signal is bad, and place and time never leave it.
// Without this, or where a browser cannot read a photo, it goes as it is and the service does the same.
const LONGEST = 1600;

async function smaller(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const sheet = document.createElement("canvas");
    sheet.width = Math.max(1, Math.round(picture.width * scale));
    sheet.height = Math.max(1, Math.round(picture.height * scale));
    const pen = sheet.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, sheet.width, sheet.height);
    pen.drawImage(picture, 0, 0, sheet.width, sheet.height);
    const drawn = await new Promise((done) => sheet.toBlob(done, "image/jpeg", 0.85));
    return drawn ? new File([drawn], "photo.jpg", { type: "image/jpeg" }) : file;
  } catch {
    return file;
  }
}

document.addEventListener("change", async (event) => {
  const field = event.target;
  if (!field.matches("input[type=file][data-shrink]") || !window.DataTransfer || !window.createImageBitmap) return;
  const chosen = [...field.files];
  const made = await Promise.all(chosen.map(smaller));
  if (chosen.length !== field.files.length || chosen.some((file, number) => file !== field.files[number])) return; // chosen anew meanwhile
  const kept = new DataTransfer();
  for (const file of made) kept.items.add(file);
  field.files = kept.files;
});
