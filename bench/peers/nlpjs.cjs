// nlp.js with its Danish and English stemmers. It finds the language of a question itself. The protocol is that of protocol.py.
const fs = require("fs");
const path = require("path");
const { dockStart } = require("@nlpjs/basic");
const { LangDa } = require("@nlpjs/lang-da");
const { LangEn } = require("@nlpjs/lang-en");

const LANGUAGES = ["da", "en"];
const OUT_OF_SCOPE = "out_of_scope";
const NONE = "None"; // what nlp.js itself calls a question that it has no intent for; it gives no score that could be compared
const SETTINGS = { settings: { nlp: { languages: LANGUAGES, autoSave: false, autoLoad: false, forceNER: false } }, use: ["Basic"] };

async function newNlp() {
  const dock = await dockStart(SETTINGS);
  dock.getContainer().use(LangDa);
  dock.getContainer().use(LangEn);
  const nlp = dock.get("nlp");
  LANGUAGES.forEach((language) => nlp.addLanguage(language));
  return nlp;
}

async function train(training, model) {
  const nlp = await newNlp();
  for (const { text, label, language } of training) {
    (language ? [language] : LANGUAGES).forEach((one) => nlp.addDocument(one, text, label));
  }
  await nlp.train();
  fs.writeFileSync(model, nlp.export());
}

async function load(model) {
  const nlp = await newNlp();
  nlp.import(fs.readFileSync(model, "utf-8"));
  return async (text) => {
    const { intent, classifications } = await nlp.process(text);
    const learned = classifications.filter((one) => one.intent !== NONE);
    return { label: intent === NONE ? OUT_OF_SCOPE : intent, scores: Object.fromEntries(learned.map((one) => [one.intent, one.score])) };
  };
}

function processorMilliseconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
}

async function main(task, result, folder) {
  const { training, questions } = JSON.parse(fs.readFileSync(task, "utf-8"));
  const model = path.join(folder, "model.nlp");
  const begin = performance.now();
  await train(training, model);
  const trainingSeconds = (performance.now() - begin) / 1000;
  const classify = await load(model);
  const answers = [];
  const milliseconds = [];
  for (const question of questions) {
    const before = processorMilliseconds();
    answers.push(await classify(question));
    milliseconds.push(processorMilliseconds() - before);
  }
  fs.writeFileSync(result, JSON.stringify({
    answers,
    training_seconds: trainingSeconds,
    milliseconds: median(milliseconds),
    megabytes: fs.statSync(model).size / 1e6,
  }));
}

main(...process.argv.slice(2));
