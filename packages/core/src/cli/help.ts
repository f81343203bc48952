export const HELP = {
  signalbox: `signalbox: talk to OpenRouter, and to servers that speak like OpenAI, from the shell

  signalbox doctor    checks configuration, key, model, an answer, a stream and an object
  signalbox models    lists models with context length and prices
  signalbox price     what a model costs, for given numbers of tokens
  signalbox chat      asks a question, or talks
  signalbox spend     what the requests in a ledger have cost, by model, user or day

  signalbox <command> --help    the options of a command
  signalbox --version

The key is read from OPENROUTER_API_KEY, or from .env in the current folder.
Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.`,

  doctor: `signalbox doctor [options]

Checks, in this order: configuration, provider, model, generation, stream, structured.
Costs a few tokens. Exits 0 where nothing failed, else 1.

  --model <id>    the model to ask, instead of the configured one
  --simulate      against a simulator on this machine: no key, no cost (needs @signalbox/testing)
  --json          the report as JSON`,

  models: `signalbox models [search] [options]

  --vendor <name>         only this vendor: anthropic, openai, …
  --supports <a,b>        only models with these request fields: tools, structured_outputs, reasoning, …
  --input <modality>      only models that read this: image, file, audio, video
  --output <modality>     only models that give this: image, audio
  --min-context <n>       context of at least n tokens (128k, 1m)
  --max-price <usd>       at most this for a million completion tokens
  --free                  only models without charge
  --sort <by>             id (default), price, context, newest
  --limit <n>             at most n rows
  --offline               the list that came with the package, without asking OpenRouter
  --json                  as JSON

Prices are USD for a million tokens. Piped output has tabs between the columns.`,

  price: `signalbox price <model>… [options]

  --prompt <n>        prompt tokens (default 1000; 12k is 12,000)
  --completion <n>    completion tokens (default 1000)
  --offline           prices that came with the package, without asking OpenRouter
  --json              as JSON

The list price of each model, and of one call of that size.`,

  chat: `signalbox chat [question] [-] [options]

Without a question: what is piped in is the question; in a terminal, a conversation (Ctrl-D ends it).
"-" puts what is piped in behind the question: signalbox chat "Summarise this:" - < notes.txt

  --model <id>          the model to ask, instead of the configured one
  --system <text>       instructions that stand before everything
  --max-tokens <n>      longest answer
  --temperature <n>     0 to 2
  --json                the whole result as JSON: text, usage, cost, model, finish reason

The answer goes to stdout as it arrives; tokens and cost go to stderr, in a terminal.`,

  spend: `signalbox spend [options]

What the requests in a ledger have cost, to the last digit. Asks no model and changes nothing.

  --ledger <place>    a file *.jsonl, *.db or *.sqlite, or a postgres:// address (needs pg in this folder);
                      without it the variable SIGNALBOX_LEDGER
  --table <name>      the table in PostgreSQL, instead of signalbox_ledger
  --by <what>         model (default), user or day; days are those of UTC
  --from <day>        only what ended on this day or later: 2026-11-01, or 2026-11-01T08:00Z
  --to <day>          only what ended until the end of this day, or before this time
  --json              as JSON; amounts are decimal texts

estimated: computed from list prices. unknown: nobody can tell what it cost; one whose process ended before the answer
did counts at the most that it can have cost, any other at nothing. Both are part of USD.`,
} as const;
