"""The official Python client against a running service: nothing is set but its address and key (OPENAI_BASE_URL, OPENAI_API_KEY).

    python client.py CLIP QUESTION REASONING ANSWER
"""

import base64
import io
import json
import sys
import time

import openai

clip, question, reasoning, answer = sys.argv[1:]
client = openai.OpenAI(max_retries=0)
GREEDY = {"temperature": 0, "extra_body": {"repetition_penalty": 1.0}}


def check(name, found, expected):
    assert found == expected, f"{name}: expected {expected!r}, found {found!r}"


def about(part):
    return [{"role": "user", "content": [part, {"type": "text", "text": question}]}]


with open(clip, "rb") as file:
    clip_bytes = file.read()
data_url = "data:video/mp4;base64," + base64.b64encode(clip_bytes).decode()

# models
model = client.models.list().data[0].id
check("model", client.models.retrieve(model).id, model)

# chat, about a data URL
chat = client.chat.completions.create(
    model=model, messages=about({"type": "video_url", "video_url": {"url": data_url}}), **GREEDY)
check("answer", chat.choices[0].message.content, answer)
check("reasoning", chat.choices[0].message.reasoning_content, reasoning)
check("finish_reason", chat.choices[0].finish_reason, "stop")
check("usage", chat.usage.total_tokens, chat.usage.prompt_tokens + chat.usage.completion_tokens)

# files
with open(clip, "rb") as file:
    uploaded = client.files.create(file=file, purpose="user_data")
check("purpose", uploaded.purpose, "user_data")
check("bytes", client.files.content(uploaded.id).read(), clip_bytes)
check("file", client.files.retrieve(uploaded.id).bytes, len(clip_bytes))
assert uploaded.id in [file.id for file in client.files.list(limit=1)], "every page of files is listed"
by_id = about({"type": "file", "file": {"file_id": uploaded.id}})

# a stream
texts = {"content": "", "reasoning_content": ""}
last = None
for chunk in client.chat.completions.create(
        model=model, messages=by_id, stream=True, stream_options={"include_usage": True}, **GREEDY):
    last = chunk
    for choice in chunk.choices:
        for part in texts:
            texts[part] += getattr(choice.delta, part, None) or ""
check("streamed answer", texts["content"], answer)
check("streamed reasoning", texts["reasoning_content"], reasoning)
check("streamed usage", last.usage.completion_tokens, chat.usage.completion_tokens)

# several answers, log probabilities, vision options
several = client.chat.completions.create(
    model=model, messages=by_id, n=2, seed=7, logprobs=True, top_logprobs=2, max_tokens=64,
    extra_body={"mm_processor_kwargs": {"fps": 2, "timestamps": True}})
check("answers", [choice.index for choice in several.choices], [0, 1])
token = several.choices[0].logprobs.content[0]
check("alternatives", len(token.top_logprobs), 2)
assert token.logprob <= 0

# JSON by a schema
schema = {"type": "object", "properties": {"safe": {"type": "boolean"}}, "required": ["safe"]}
structured = client.chat.completions.create(
    model=model, messages=by_id, max_tokens=200, temperature=0,
    response_format={"type": "json_schema", "json_schema": {"name": "verdict", "strict": True, "schema": schema}})
check("schema", type(json.loads(structured.choices[0].message.content)["safe"]), bool)

# responses: waited for, in the background, cancelled
asked = [{"role": "user", "content": [
    {"type": "input_file", "file_id": uploaded.id}, {"type": "input_text", "text": question}]}]
check("response", client.responses.create(model=model, input=asked, **GREEDY).output_text, answer)
background = client.responses.create(model=model, input=asked, background=True, **GREEDY)
assert background.status in ("queued", "in_progress"), background.status
while background.status in ("queued", "in_progress"):
    time.sleep(0.1)
    background = client.responses.retrieve(background.id)
check("status", background.status, "completed")
check("background", background.output_text, answer)
check("thought", background.output[0].content[0].text, reasoning)
events = list(client.responses.create(model=model, input=asked, stream=True, **GREEDY))
check("numbers", [event.sequence_number for event in events], list(range(len(events))))
pieces = {"response.output_text.delta": "", "response.reasoning_text.delta": ""}
for event in events:
    if event.type in pieces:
        pieces[event.type] += event.delta
check("streamed response", list(pieces.values()), [answer, reasoning])
check("last event", (events[-1].type, events[-1].response.output_text), ("response.completed", answer))
with client.responses.stream(model=model, input=asked, **GREEDY) as stream:
    check("response put together", stream.until_done().get_final_response().output_text, answer)
late = client.responses.create(model=model, input=asked, background=True, **GREEDY)
assert client.responses.cancel(late.id).status in ("cancelled", "in_progress", "completed")

# a batch of a file, one line of which is wrong
lines = [{"custom_id": f"line-{i}", "method": "POST", "url": "/v1/chat/completions",
          "body": {"model": model, "messages": by_id, "temperature": 0, "repetition_penalty": 1.0}} for i in range(3)]
lines[1]["body"]["messages"] = []
source = client.files.create(
    file=("lines.jsonl", io.BytesIO("\n".join(map(json.dumps, lines)).encode())), purpose="batch")
batch = client.batches.create(
    input_file_id=source.id, endpoint="/v1/chat/completions", completion_window="24h", metadata={"run": "nightly"})
check("endpoint", batch.endpoint, "/v1/chat/completions")
while batch.status in ("validating", "in_progress", "finalizing"):
    time.sleep(0.2)
    batch = client.batches.retrieve(batch.id)
check("batch", (batch.status, batch.metadata), ("completed", {"run": "nightly"}))
check("counts", (batch.request_counts.total, batch.request_counts.completed, batch.request_counts.failed), (3, 2, 1))
outputs = [json.loads(line) for line in client.files.content(batch.output_file_id).text.splitlines()]
check("outputs", [line["custom_id"] for line in outputs], ["line-0", "line-2"])
check("output", outputs[0]["response"]["body"]["choices"][0]["message"]["content"], answer)
errors = [json.loads(line) for line in client.files.content(batch.error_file_id).text.splitlines()]
check("errors", [line["custom_id"] for line in errors], ["line-1"])
assert batch.id in [known.id for known in client.batches.list(limit=1)], "every page of batches is listed"

# what goes wrong is what the client knows
for expected, call in (
        (openai.NotFoundError, lambda: client.models.retrieve("gpt-2")),
        (openai.NotFoundError, lambda: client.files.retrieve("file-unknown")),
        (openai.NotFoundError, lambda: client.batches.retrieve("batch_unknown")),
        (openai.AuthenticationError, lambda: openai.OpenAI(api_key="sk_wrong").models.list()),
        (openai.BadRequestError, lambda: client.chat.completions.create(model=model, messages=[], temperature=-1))):
    try:
        call()
        raise AssertionError(f"{expected.__name__} was expected")
    except expected:
        pass
try:
    client.chat.completions.create(
        model=model, messages=about({"type": "video_url", "video_url": {"url": "http://example.com/clip.mp4"}}))
    raise AssertionError("nothing is fetched from URLs here")
except openai.BadRequestError as refused:
    check("code", refused.code, "url_import_off")
    check("param", refused.param, "messages[0].content[0].video_url.url")
check("deleted", client.files.delete(uploaded.id).deleted, True)
print("all calls passed, openai", openai.__version__)
