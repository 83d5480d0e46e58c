// Streams: what is put on one is done in its order, but nothing before somebody waits for it. Then chance says how far the other streams
// get meanwhile: as far as they can, or no further than events demand. What lacks an event comes out differently.
#include "streams.h"
#include "chance.h"

#include <mutex>

namespace emulator {

std::atomic<bool> broken{false};
thread_local int captures;

namespace {

std::recursive_mutex ordering; // of all that follows
Stream default_stream;
std::vector<Stream *> streams = {&default_stream};
int streams_made;
Chance chance;
bool noting;
std::string notes;

typedef std::lock_guard<std::recursive_mutex> Lock;

Stream &stream_of(void *handle) {
    return handle ? *static_cast<Stream *>(handle) : default_stream;
}

bool can_go_on(const Stream &stream) {
    return !stream.entries.empty() && stream.entries.front().until.is_reached();
}

// The stream that must go on for this one to.
Stream &needed_by(Stream &stream) {
    Stream *needed = &stream;
    while (!needed->entries.front().until.is_reached()) {
        needed = needed->entries.front().until.stream;
    }
    return *needed;
}

// Null where no other can go on.
Stream *draw_other(const Stream &stream) {
    const size_t first = chance.below(streams.size());
    for (size_t i = 0; i < streams.size(); i++) {
        Stream *other = streams[(first + i) % streams.size()];
        if (other != &stream && can_go_on(*other)) {
            return other;
        }
    }
    return nullptr;
}

void go_on(Stream &stream) {
    const auto entry = std::move(stream.entries.front());
    stream.entries.pop_front();
    if (entry.operation && entry.operation() != SUCCESS) {
        broken = true;
    }
    stream.done++;
}

void reach(const Mark &mark) {
    const bool others_wait = chance.below(2) == 0;
    while (!broken && !mark.is_reached()) {
        Stream *other = others_wait || chance.below(4) == 0 ? nullptr : draw_other(*mark.stream);
        go_on(other == nullptr ? needed_by(*mark.stream) : *other);
    }
}

} // namespace

int submit(void *stream, std::function<int()> operation) {
    Lock lock(ordering);
    REQUIRE_CONTEXT
    Stream &to = stream_of(stream);
    if (to.recording != nullptr) {
        to.recording->operations.push_back(std::move(operation));
    } else {
        to.put({std::move(operation), {}});
    }
    return SUCCESS;
}

bool is_recording(void *stream) {
    return stream_of(stream).recording != nullptr;
}

void begin_recording(void *stream) {
    stream_of(stream).recording = new Graph;
}

Graph *end_recording(void *stream) {
    return std::exchange(stream_of(stream).recording, nullptr);
}

void finish(void *stream) {
    Lock lock(ordering);
    reach(stream_of(stream).end());
}

void finish_all() {
    Lock lock(ordering);
    for (Stream *stream : streams) {
        reach(stream->end());
    }
}

void revive() {
    Lock lock(ordering);
    finish_all();
    if (broken) { // what was left then is never done
        for (Stream *stream : streams) {
            stream->entries.clear();
            stream->done = stream->asked;
        }
    }
    broken = false;
}

void seed_streams(unsigned seed) {
    Lock lock(ordering);
    finish_all();
    chance.seed(seed);
}

void note(void *stream, const std::string &what) {
    Lock lock(ordering);
    if (noting) {
        notes += std::to_string(stream_of(stream).number) + " " + what + "\n";
    }
}

void count_call(const char *name) {
    Counters call;
    call.launches = 1;
    count(name, call);
}

} // namespace emulator

using namespace emulator;

DRIVER cuStreamCreate(void **stream, unsigned) {
    REQUIRE_CONTEXT
    Lock lock(ordering);
    auto *made = new Stream; // for good: events may name it
    made->number = ++streams_made;
    streams.push_back(made);
    *stream = made;
    return SUCCESS;
}

DRIVER cuStreamDestroy_v2(void *stream) {
    Lock lock(ordering);
    finish(stream);
    streams.erase(std::remove(streams.begin(), streams.end(), stream), streams.end());
    return SUCCESS;
}

DRIVER cuStreamSynchronize(void *stream) {
    REQUIRE_CONTEXT
    count_call("cuStreamSynchronize");
    note(stream, "is waited for by the host");
    if (is_recording(stream)) {
        return CAPTURE_FORBIDS;
    }
    finish(stream);
    return state();
}

DRIVER cuStreamQuery(void *stream) {
    return cuStreamSynchronize(stream);
}

DRIVER cuCtxSynchronize() {
    REQUIRE_CONTEXT
    finish_all();
    return state();
}

DRIVER cuStreamWaitEvent(void *stream, const Mark *event, unsigned) {
    REQUIRE_CONTEXT
    Lock lock(ordering);
    note(stream, "waits for " + std::to_string(event->stream == nullptr ? -1 : event->stream->number));
    stream_of(stream).put({nullptr, *event});
    return SUCCESS;
}

DRIVER cuLaunchHostFunc(void *stream, void (*function)(void *), void *data) {
    return submit(stream, [=] {
        function(data);
        return SUCCESS;
    });
}

// ---- events

DRIVER cuEventCreate(Mark **event, unsigned) {
    REQUIRE_CONTEXT
    *event = new Mark;
    return SUCCESS;
}

DRIVER cuEventDestroy_v2(Mark *event) {
    delete event;
    return SUCCESS;
}

DRIVER cuEventRecord(Mark *event, void *stream) {
    REQUIRE_CONTEXT
    Lock lock(ordering);
    *event = stream_of(stream).end();
    return SUCCESS;
}

DRIVER cuEventSynchronize(Mark *event) {
    REQUIRE_CONTEXT
    Lock lock(ordering);
    count_call("cuEventSynchronize");
    note(event->stream, "is waited for by the host");
    if (event->stream != nullptr) {
        reach(*event);
    }
    return state();
}

DRIVER cuEventElapsedTime_v2(float *milliseconds, void *, void *) {
    *milliseconds = 1.f;
    return SUCCESS;
}

DRIVER cuEventElapsedTime(float *milliseconds, void *, void *) {
    *milliseconds = 1.f;
    return SUCCESS;
}

// ---- for the tests

// From now on, or no longer; forgets what was noted.
EMULATOR(void) emulator_note_calls(int whether) {
    Lock lock(ordering);
    noting = whether != 0;
    notes.clear();
}

// A line for each: the stream's number, and what was put on it.
EMULATOR(const char *) emulator_calls() {
    return notes.c_str();
}
