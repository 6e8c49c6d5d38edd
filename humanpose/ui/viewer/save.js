// What is shown, as files: a frame with what is drawn on it, one curve as a picture or a table.

const CURVE_PICTURE_PX = { width: 1000, height: 320 };

function saveFile(name, content) {
  const link = newElement("a", "");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function pngOf(canvas) {
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

function curveFileName({ title }, ending) {
  return `${title.replaceAll(/[^\p{L}\p{N}]+/gu, "_")}.${ending}`;
}

// A row of curves alone, over the part of the clip that is shown.
async function saveCurvePicture(pane, row, theme) {
  const alone = { ...row, index: 0, top: 0 };
  const { height } = CURVE_PICTURE_PX;
  const sides = row.curves.map(({ side }) => `<span style="color:${theme.side[side]}">${SIDES[side]}</span>`);
  const layout = {
    ...pane.layout([{ ...alone, height: height - AXIS_PX }], height, theme),
    width: CURVE_PICTURE_PX.width,
    title: { text: [row.title, ...(row.curves.length > 1 ? sides : [])].join("  "), font: { size: 14 }, x: LEFT_PX / CURVE_PICTURE_PX.width, y: 0.97 },
    paper_bgcolor: theme.background,
  };
  const data = pane.traces(alone, theme);
  const url = await pane.Plotly.toImage({ data, layout }, { format: "png", scale: 2 });
  const bytes = Uint8Array.from(atob(url.split(",")[1]), (letter) => letter.charCodeAt(0));
  // the page's policy forbids to fetch it
  saveFile(curveFileName(row, "png"), new Blob([bytes], { type: "image/png" }));
}

// Every frame: time, and of each curve its value, half the 90 % range, confidence and the other
// estimate's value.
async function saveCurveTable(motion, row) {
  await motion.need(0, motion.frames - 1);
  const { unit } = motion;
  const otherName = motion.names?.[1] ?? "raw";
  const columns = [["time_s", (frame) => motion.time(frame).toFixed(4)]];
  for (const { column, english: label } of row.curves) {
    const digits = (read, count) => (frame) => {
      const value = read(frame);
      return Number.isFinite(value) ? value.toFixed(count) : "";
    };
    columns.push([`${label}, ${unit.word}`, digits((frame) => motion.angle(frame, column), unit.digits + 2)]);
    columns.push([
      `${label}, confidence`,
      digits((frame) => motion.own.confidence[frame * motion.angleCount + column], 3),
    ]);
    if (motion.own.band) {
      columns.push([`${label}, ± deg`, digits((frame) => motion.halfBand(frame, column), 2)]);
    }
    if (motion.other) {
      const other = (frame) => motion.angle(frame, column, motion.other);
      columns.push([`${label}, ${otherName}, deg`, digits(other, 3)]);
    }
  }
  const rows = [columns.map(([head]) => `"${head.replaceAll('"', '""')}"`)];
  for (let frame = 0; frame < motion.frames; frame++) rows.push(columns.map(([, read]) => read(frame)));
  const text = rows.map((cells) => `${cells.join(",")}\n`);
  saveFile(curveFileName(row, "csv"), new Blob(text, { type: "text/csv" }));
}
