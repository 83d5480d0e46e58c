// The official Node client against a running service: nothing is set but its address and key (OPENAI_BASE_URL, OPENAI_API_KEY).
//   node client.mjs CLIP QUESTION REASONING ANSWER
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

// the package lies in a cache folder, not beside this script
const require = createRequire(path.join(process.env.OPENAI_PACKAGE, 'package.json'));
const openai = require('openai');
const OpenAI = openai.default ?? openai;

const [clip, question, reasoning, answer] = process.argv.slice(2);
const client = new OpenAI({ maxRetries: 0 });
const greedy = { temperature: 0, repetition_penalty: 1 };
const about = (part) => [{ role: 'user', content: [part, { type: 'text', text: question }] }];
const sleep = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

const model = (await client.models.list()).data[0].id;
assert.equal((await client.models.retrieve(model)).id, model);

const url = 'data:video/mp4;base64,' + fs.readFileSync(clip).toString('base64');
const chat = await client.chat.completions.create({ model, messages: about({ type: 'video_url', video_url: { url } }), ...greedy });
assert.equal(chat.choices[0].message.content, answer);
assert.equal(chat.choices[0].message.reasoning_content, reasoning);

const file = await client.files.create({ file: fs.createReadStream(clip), purpose: 'vision' });
assert.deepEqual(Buffer.from(await (await client.files.content(file.id)).arrayBuffer()), fs.readFileSync(clip));
const byId = about({ type: 'video_url', video_url: { file_id: file.id } });

let content = '';
let thought = '';
let usage;
const stream = await client.chat.completions.create({
  model, messages: byId, stream: true, stream_options: { include_usage: true }, ...greedy,
});
for await (const chunk of stream) {
  content += chunk.choices[0]?.delta?.content ?? '';
  thought += chunk.choices[0]?.delta?.reasoning_content ?? '';
  usage = chunk.usage ?? usage;
}
assert.equal(content, answer);
assert.equal(thought, reasoning);
assert.equal(usage.completion_tokens, chat.usage.completion_tokens);

const input = [{ role: 'user', content: [{ type: 'input_file', file_id: file.id }, { type: 'input_text', text: question }] }];
assert.equal((await client.responses.create({ model, input, ...greedy })).output_text, answer);
let piece = '';
let end;
for await (const event of await client.responses.create({ model, input, stream: true, ...greedy })) {
  piece += event.type === 'response.output_text.delta' ? event.delta : '';
  end = event;
}
assert.equal(piece, answer);
assert.equal(end.type, 'response.completed');
assert.equal(end.response.output.at(-1).content[0].text, answer);
const together = await client.responses.stream({ model, input, ...greedy }).finalResponse();
assert.equal(together.output_text, answer);
let response = await client.responses.create({ model, input, background: true, ...greedy });
while (['queued', 'in_progress'].includes(response.status)) {
  await sleep(100);
  response = await client.responses.retrieve(response.id);
}
assert.equal(response.output_text, answer);

const line = { custom_id: 'a', method: 'POST', url: '/v1/responses', body: { model, input, ...greedy } };
const source = await client.files.create({
  file: await openai.toFile(Buffer.from(JSON.stringify(line)), 'lines.jsonl'), purpose: 'batch',
});
let batch = await client.batches.create({ input_file_id: source.id, endpoint: '/v1/responses', completion_window: '24h' });
while (['validating', 'in_progress'].includes(batch.status)) {
  await sleep(200);
  batch = await client.batches.retrieve(batch.id);
}
assert.equal(batch.status, 'completed');
const output = JSON.parse(await (await client.files.content(batch.output_file_id)).text());
assert.equal(output.response.body.output.at(-1).content[0].text, answer);
assert.ok((await client.batches.list()).data.some((known) => known.id === batch.id));

await assert.rejects(client.models.retrieve('gpt-2'), (failure) => failure.status === 404 && failure.code === 'model_not_found');
await assert.rejects(
  client.chat.completions.create({ model, messages: byId, tools: [{ type: 'function', function: { name: 'f' } }] }),
  (failure) => failure.status === 400 && failure.param === 'tools',
);
assert.equal((await client.files.delete(file.id)).deleted, true);
console.log('all calls passed');
