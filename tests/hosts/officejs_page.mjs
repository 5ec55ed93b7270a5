// Opens the page of xlwings-server in Chromium and asks the functions that it registers: node FILE CHROMIUM PORT ASKED.
// Excel itself is missing: the page gets a stand-in for office.js that takes functions and gives them their arguments.
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const [chromium, port, asked] = process.argv.slice(2);
const require = createRequire(path.join(process.env.OFFICEJS_MODULES, "here.js"));
const puppeteer = require("puppeteer-core");
const office = fs.readFileSync(fileURLToPath(new URL("./officejs_office.js", import.meta.url)), "utf8");

const browser = await puppeteer.launch({
  executablePath: chromium,
  headless: true,
  args: ["--no-sandbox", "--disable-gpu"],
  protocolTimeout: 900_000,
});
try {
  const page = await browser.newPage();
  const said = [];
  page.on("console", (line) => said.push(line.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  await page.setRequestInterception(true);
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.pathname.endsWith("/dist/office.js")) {
      request.respond({ contentType: "text/javascript", body: office });
    } else if (url.hostname === "127.0.0.1") {
      request.continue();
    } else {
      request.abort();
    }
  });
  await page.goto(`http://127.0.0.1:${port}/taskpane`, { waitUntil: "load", timeout: 90_000 });
  await page
    .waitForFunction("globalThis.registered && Object.keys(globalThis.associated).length", { timeout: 60_000 })
    .catch((error) => {
      throw new Error(`${error.message}\n${said.slice(0, 20).join("\n")}`);
    });
  const registered = await page.evaluate(() => globalThis.registered.functions.length);
  const { answers, seconds } = await page.evaluate(async ({ errors, questions }) => {
    // of an error Excel holds more than a function answers
    const cell = (one) =>
      one?.type === "Error" ? { ...one, basicType: "Error", basicValue: errors[one.errorType] } : one;
    const held = (rows) => (Array.isArray(rows) ? rows.map((row) => row.map(cell)) : rows);
    const ask = async (name, given) => {
      const cells = [];
      for (const one of given) cells.push(one?.call ? held(await ask(...one.call)) : one);
      const call = { address: "Sheet1!B1", parameterAddresses: given.map(() => "Sheet1!A1") };
      return globalThis.associated[name](...cells, call);
    };
    const found = [];
    const began = performance.now();
    for (const [name, given] of questions) {
      try {
        found.push(await ask(name, given));
      } catch (error) {
        found.push(`thrown: ${error.message}`);
      }
    }
    return { answers: found, seconds: (performance.now() - began) / 1000 };
  }, JSON.parse(fs.readFileSync(asked, "utf8")));
  process.stdout.write(JSON.stringify({ registered, answers, seconds }));
} finally {
  await browser.close();
}
