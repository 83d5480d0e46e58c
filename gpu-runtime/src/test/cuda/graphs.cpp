// Recorded work.
#include "streams.h"

using namespace emulator;

DRIVER cuStreamBeginCapture_v2(void *stream, int) {
    REQUIRE_CONTEXT
    if (stream == nullptr || is_recording(stream)) {
        return INVALID_VALUE;
    }
    captures++;
    begin_recording(stream);
    return SUCCESS;
}

DRIVER cuStreamEndCapture(void *stream, Graph **graph) {
    *graph = end_recording(stream);
    if (*graph == nullptr) {
        return INVALID_VALUE;
    }
    captures--;
    return SUCCESS;
}

DRIVER cuGraphInstantiateWithFlags(Graph **executable, Graph *graph, unsigned long long) {
    REQUIRE_CONTEXT
    *executable = new Graph(*graph);
    return SUCCESS;
}

DRIVER cuGraphLaunch(Graph *graph, void *stream) {
    REQUIRE_CONTEXT
    count_call("cuGraphLaunch");
    note(stream, "graph");
    for (const auto &operation : graph->operations) {
        submit(stream, operation);
    }
    return SUCCESS;
}

DRIVER cuGraphExecDestroy(Graph *graph) {
    delete graph;
    return SUCCESS;
}

DRIVER cuGraphDestroy(Graph *graph) {
    delete graph;
    return SUCCESS;
}
