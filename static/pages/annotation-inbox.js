/* The inbox: answers in words, by the questions they answer; new notices are shown by reading the page again. */

import { answerWords } from "@mh/app/answer-words";
import { words } from "@mh/app/words";

const questions = JSON.parse(document.getElementById("questions").textContent);

for (const row of document.querySelectorAll("tr[data-question]")) {
  const question = questions[row.dataset.project]?.[row.dataset.question];
  if (!question) continue;
  row.querySelector("[data-title]").textContent = words(question.title) || question.name;
  for (const cell of row.querySelectorAll("td")) {
    const value = JSON.parse(cell.querySelector("script").textContent);
    cell.querySelector("[data-answer]").textContent = answerWords(question, value);
  }
}

document.addEventListener("mh:inbox", () => location.reload());
