// Stands in for office.js: keeps the functions that the page associates and what it registers about them.
globalThis.associated = {};
const known = { CustomFunctionsRuntime: 1.4, ExcelApi: 1.17, CustomFunctions: 1.6 };

globalThis.CustomFunctions = {
  associate: (name, answer) => {
    globalThis.associated[name] = answer;
  },
  Error: class extends Error {
    constructor(code, message) {
      super(`${code} ${message ?? ""}`);
      this.code = code;
    }
  },
  ErrorCode: new Proxy({}, { get: (_, name) => name }),
};

const host = { host: "Excel", platform: "PC" };
globalThis.Office = {
  HostType: { Excel: "Excel" },
  PlatformType: { PC: "PC" },
  initialize() {},
  onReady: async (ready) => {
    ready?.(host);
    return host;
  },
  actions: { associate() {} },
  addin: { async setStartupBehavior() {} },
  context: {
    ...host,
    document: {},
    diagnostics: { version: "16", ...host },
    roamingSettings: { get() {} },
    requirements: { isSetSupported: (name, version) => (known[name] ?? 0) >= Number.parseFloat(version) },
  },
};

const loaded = { load() {} };
const application = {
  cultureInfo: { name: "en-US", datetimeFormat: { shortDatePattern: "m/d/yyyy", ...loaded }, ...loaded },
};
class RequestContext {
  application = application;
  workbook = { name: "Book1.xlsx", application, ...loaded };
  async sync() {}
}
globalThis.Excel = {
  RequestContext,
  run: async (work) => work(new RequestContext()),
  CustomFunctionManager: {
    register: async (described) => {
      globalThis.registered = JSON.parse(described);
    },
  },
};
