// Draws tokens from rows of logits, so that nothing but their ids crosses the bus: bias, penalties and masks, then temperature,
// min-p, top-k and top-p, in the order of vLLM, as Sampler.java does on the host. And log probabilities.
//
// A weight is 2^((score - highest) * scale), as an integer of which WHOLE is 1. Sums of integers don't depend on their order, so a
// draw depends on its row alone. Weights below 2^-40 count as nothing.
//
// One block a row: a row of 152,064 logits is 608 KB that the output layer has just written, and is read again from the
// second-level cache: three to five times. What is drawn from, at most MOST_CANDIDATES, is gathered and sorted in shared memory;
// where it is more, the host is left to draw (token -1).

constexpr int SAMPLING_THREADS = 512;
constexpr int SAMPLING_WARPS = SAMPLING_THREADS / 32;
constexpr int MOST_CANDIDATES = 2048;
constexpr int DEPTHS = 8; // looked at in one pass over a row
constexpr int MOST_PASSES = 4;
constexpr float WHOLE = 1099511627776.f; // 2^40
constexpr float DEEPEST = -40.f;
constexpr float LEAST_TEMPERATURE = 1e-5f; // Sampler.java's

// TokenDraws.java lays them out.
struct Draw {
    int row, copy; // copy: place for the changed row, -1 where nothing changes it
    int changes_at, changes, bans_at, bans, mask_at; // places in the numbers behind the draws; mask_at -1: all tokens are allowed
    int top_k;                                       // 0: all
    float top_p, floor, temperature;                 // floor: log2 of min-p
    int step;
    u64 seed, sequence;
};

struct SamplingRoom {
    u64 keys[MOST_CANDIDATES]; // ranked, the highest first
    u64 sums[MOST_CANDIDATES]; // of their weights, each with all before it
    u64 of_warps[SAMPLING_WARPS * DEPTHS];
    u32 gathered;
};

// A float and its place as one number whose order is the float's, then that of lower places; never 0. NaN must not come here.
__device__ __forceinline__ u64 ranked(float score, int place) {
    const u32 bits = float_to_bits(score + 0.f); // -0 is 0
    const u32 ordered = bits & 0x80000000u ? ~bits : bits | 0x80000000u;
    return static_cast<u64>(ordered) << 32 | static_cast<u32>(~place);
}

__device__ __forceinline__ float score_of(u64 key) {
    const u32 ordered = static_cast<u32>(key >> 32);
    return bits_to_float(ordered & 0x80000000u ? ordered ^ 0x80000000u : ~ordered);
}

__device__ __forceinline__ int place_of(u64 key) {
    return static_cast<int>(~static_cast<u32>(key));
}

// ---- random numbers: CounterRandom.java's

__device__ __forceinline__ u64 mix(u64 x) {
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9ull;
    x = (x ^ x >> 27) * 0x94D049BB133111EBull;
    return x ^ x >> 31;
}

// In [0, 1).
__device__ __forceinline__ double uniform(u64 seed, u64 sequence, u64 step) {
    const u64 golden = 0x9E3779B97F4A7C15ull;
    u64 bits = mix(seed + golden);
    bits = mix(bits ^ mix(sequence + 2 * golden));
    bits = mix(bits ^ mix(step + 3 * golden));
    return static_cast<double>(bits >> 11) * (1.0 / 9007199254740992.0);
}

// ---- over a row, with all threads

template <class Use>
__device__ __forceinline__ void each_score(const float *scores, int width, Use use) {
    const int quads = width % 4 == 0 ? width / 4 : 0; // else rows aren't aligned
#pragma unroll 2
    for (int i = threadIdx.x; i < quads; i += SAMPLING_THREADS) {
        const Bytes16 four = load(reinterpret_cast<const Bytes16 *>(scores) + i);
#pragma unroll
        for (int j = 0; j < 4; j++) {
            use(bits_to_float(four.word[j]), 4 * i + j);
        }
    }
    for (int i = 4 * quads + threadIdx.x; i < width; i += SAMPLING_THREADS) {
        use(load(scores + i), i);
    }
}

// Adds the threads' values; all of them get the sums.
template <int N>
__device__ __forceinline__ void block_sums(u64 (&values)[N], SamplingRoom *room) {
    sync_block();
#pragma unroll
    for (int i = 0; i < N; i++) {
        for (int mask = 16; mask > 0; mask /= 2) {
            values[i] += from_lane_xor(values[i], mask);
        }
        if (threadIdx.x % 32 == 0) {
            room->of_warps[threadIdx.x / 32 * N + i] = values[i];
        }
    }
    sync_block();
#pragma unroll
    for (int i = 0; i < N; i++) {
        values[i] = 0;
        for (int warp = 0; warp < SAMPLING_WARPS; warp++) {
            values[i] += room->of_warps[warp * N + i];
        }
    }
}

// The highest score and its place, ranked; 0 where all are NaN.
__device__ __forceinline__ u64 highest_of(const float *scores, int width, SamplingRoom *room) {
    u64 best = 0;
    each_score(scores, width, [&](float score, int place) {
        const u64 key = score == score ? ranked(score, place) : 0;
        best = key > best ? key : best;
    });
    for (int mask = 16; mask > 0; mask /= 2) {
        const u64 other = from_lane_xor(best, mask);
        best = other > best ? other : best;
    }
    sync_block();
    if (threadIdx.x % 32 == 0) {
        room->of_warps[threadIdx.x / 32] = best;
    }
    sync_block();
    for (int warp = 0; warp < SAMPLING_WARPS; warp++) {
        best = room->of_warps[warp] > best ? room->of_warps[warp] : best;
    }
    return best;
}

// Scores as exponents of 2.
struct Weighing {
    float highest, scale;

    __device__ __forceinline__ float exponent(float score) const {
        return (score - highest) * scale;
    }

    // Nothing below the floor, and for NaN.
    __device__ __forceinline__ u64 weight(float score, float floor) const {
        const float e = exponent(score);
        return e >= floor ? static_cast<u64>(exp2_fast(e) * WHOLE) : 0;
    }
};

// ---- the draw from all, by ascending place: the row is cut into as many parts as there are warps, then the part where the
// point lies, until that is a single token

__device__ __forceinline__ int token_at(
    double point, const float *scores, int width, const Weighing &weighing, float floor, SamplingRoom *room) {
    int from = 0, to = width;
    u64 target = 0;
    for (bool first = true; to - from > 1; first = false) {
        const int part = (to - from + SAMPLING_WARPS - 1) / SAMPLING_WARPS;
        const int begin = from + static_cast<int>(threadIdx.x / 32) * part;
        u64 sum = 0;
        for (int i = begin + threadIdx.x % 32; i < min(begin + part, to); i += 32) {
            sum += weighing.weight(load(scores + i), floor);
        }
        for (int mask = 16; mask > 0; mask /= 2) {
            sum += from_lane_xor(sum, mask);
        }
        sync_block();
        if (threadIdx.x % 32 == 0) {
            room->of_warps[threadIdx.x / 32] = sum;
        }
        sync_block();
        if (first) {
            u64 total = 0;
            for (int warp = 0; warp < SAMPLING_WARPS; warp++) {
                total += room->of_warps[warp];
            }
            target = static_cast<u64>(point * static_cast<double>(total));
            target = target < total ? target : total - 1; // the product may round up
        }
        int warp = 0;
        for (; target >= room->of_warps[warp]; warp++) {
            target -= room->of_warps[warp];
        }
        from += warp * part;
        to = min(from + part, to);
    }
    return from;
}

// ---- the draw from the likeliest

// Rounded up: what reaches it reaches the share.
__device__ __forceinline__ u64 share_of(u64 all, double share) {
    const double exact = share * static_cast<double>(all);
    const u64 whole = static_cast<u64>(exact);
    return whole + (static_cast<double>(whole) < exact);
}

// A depth is enough where so much lies above it: so many tokens, or a share of all weight.
struct Enough {
    u32 tokens; // 0: by weight
    double share;
};

// Gathers what is at least so deep; false where that is too much. Its order is any.
__device__ __forceinline__ bool gather(
    const float *scores, int width, const Weighing &weighing, float depth, SamplingRoom *room) {
    sync_block();
    if (threadIdx.x == 0) {
        room->gathered = 0;
    }
    sync_block();
    each_score(scores, width, [&](float score, int place) {
        if (weighing.exponent(score) >= depth) {
            const u32 slot = add_in_block(&room->gathered, 1);
            if (slot < MOST_CANDIDATES) {
                room->keys[slot] = ranked(score, place);
            }
        }
    });
    sync_block();
    return room->gathered <= MOST_CANDIDATES;
}

// Sorts what was gathered, the highest first (bitonic; zeros fill up to a power of two).
__device__ __forceinline__ void sort(SamplingRoom *room) {
    const int count = static_cast<int>(room->gathered);
    int size = 2;
    while (size < count) {
        size *= 2;
    }
    for (int i = count + threadIdx.x; i < size; i += SAMPLING_THREADS) {
        room->keys[i] = 0;
    }
    for (int run = 2; run <= size; run *= 2) {
        for (int apart = run / 2; apart > 0; apart /= 2) {
            sync_block();
            for (int pair = threadIdx.x; pair < size / 2; pair += SAMPLING_THREADS) {
                const int low = 2 * pair - (pair & (apart - 1));
                const u64 one = room->keys[low], other = room->keys[low + apart];
                if ((one < other) == ((low & run) == 0)) {
                    room->keys[low] = other;
                    room->keys[low + apart] = one;
                }
            }
        }
    }
    sync_block();
}

// Gathers and sorts the likeliest tokens, at least as many as are enough, none below the floor; false where they are too many.
// The depth is looked for among DEPTHS, then between two of them, and so on.
//   wanted: receives what is enough, tokens or weight
__device__ __forceinline__ bool gather_likeliest(
    const float *scores, int width, const Weighing &weighing, float floor, Enough enough, u64 &wanted, SamplingRoom *room) {
    float above = 0.f, below = floor;
    wanted = 0;
    for (int pass = 0; pass < MOST_PASSES; pass++) {
        float depths[DEPTHS];
        u64 found[DEPTHS];
#pragma unroll
        for (int i = 0; i < DEPTHS; i++) {
            const float step = static_cast<float>(i + 1) / DEPTHS;
            depths[i] = i == DEPTHS - 1 ? below : above + (below - above) * (pass == 0 ? step * step : step);
            found[i] = 0;
        }
        each_score(scores, width, [&](float score, int) {
            const float e = weighing.exponent(score);
            if (e >= below) {
                const u64 amount = enough.tokens > 0 ? 1 : weighing.weight(score, floor);
#pragma unroll
                for (int i = 0; i < DEPTHS; i++) {
                    found[i] += e >= depths[i] ? amount : 0;
                }
            }
        });
        block_sums(found, room);
        if (pass == 0) {
            const u64 all = found[DEPTHS - 1];
            wanted = enough.tokens > 0 ? enough.tokens : share_of(all, enough.share);
            wanted = wanted < all ? wanted : all;
        }
        bool searching = true;
#pragma unroll
        for (int i = 0; i < DEPTHS; i++) {
            if (searching && found[i] < wanted) {
                above = depths[i];
            } else if (searching) {
                below = depths[i];
                searching = false;
            }
        }
        if (gather(scores, width, weighing, below, room)) {
            sort(room);
            return true;
        }
    }
    return false;
}

// Sums the weights of the sorted candidates: sums[i] is that of the first i + 1.
__device__ __forceinline__ void sum_up(const Weighing &weighing, float floor, SamplingRoom *room) {
    constexpr int EACH = MOST_CANDIDATES / SAMPLING_THREADS;
    const int count = static_cast<int>(room->gathered);
    for (int i = threadIdx.x; i < count; i += SAMPLING_THREADS) {
        room->sums[i] = weighing.weight(score_of(room->keys[i]), floor);
    }
    sync_block();
    for (int apart = 1; apart < count; apart *= 2) {
        u64 added[EACH];
#pragma unroll
        for (int j = 0; j < EACH; j++) {
            const int i = threadIdx.x + j * SAMPLING_THREADS;
            added[j] = i < count && i >= apart ? room->sums[i - apart] : 0;
        }
        sync_block();
#pragma unroll
        for (int j = 0; j < EACH; j++) {
            const int i = threadIdx.x + j * SAMPLING_THREADS;
            if (i < count) {
                room->sums[i] += added[j];
            }
        }
        sync_block();
    }
}

// The first of [from, to) for which it is true; it stays true behind that.
template <class Test>
__device__ __forceinline__ int first_of(int from, int to, Test test) {
    while (from < to) {
        const int middle = (from + to) / 2;
        if (test(middle)) {
            to = middle;
        } else {
            from = middle + 1;
        }
    }
    return from;
}

// The candidates that are left by top-k and top-p: so many of the sorted ones.
//   wanted: the weight that top-p alone asks for
__device__ __forceinline__ int kept_of(const Draw &draw, u64 wanted, const SamplingRoom *room) {
    int kept = static_cast<int>(room->gathered);
    if (draw.top_k > 0 && draw.top_k < kept) { // what is as likely as the last one stays
        const float last = score_of(room->keys[draw.top_k - 1]);
        kept = first_of(draw.top_k, kept, [&](int i) { return score_of(room->keys[i]) < last; });
    }
    if (draw.top_p < 1.f) {
        const u64 limit = draw.top_k > 0 ? share_of(room->sums[kept - 1], draw.top_p) : wanted;
        kept = 1 + first_of(0, kept - 1, [&](int i) { return room->sums[i] >= limit; });
    }
    return kept;
}

__device__ __forceinline__ int likely_token_at(
    double point, const Draw &draw, const float *scores, int width, const Weighing &weighing, SamplingRoom *room) {
    u64 wanted;
    const Enough enough = {static_cast<u32>(draw.top_k), draw.top_p};
    if (!gather_likeliest(scores, width, weighing, draw.floor, enough, wanted, room)) {
        return -1;
    }
    sum_up(weighing, draw.floor, room);
    const int kept = kept_of(draw, wanted, room);
    const u64 target = static_cast<u64>(point * static_cast<double>(room->sums[kept - 1]));
    return place_of(room->keys[first_of(0, kept - 1, [&](int i) { return room->sums[i] > target; })]);
}

// ---- what changes a row

// Writes the row with its changes to `changed`; what may not be written is negative infinity there.
//   changes: (id, added before, factor, subtracted after) each; bans: ids; a token is changed once, and banned any times
__device__ __forceinline__ void change(const float *scores, int width, const Draw &draw, const int *numbers, float *changed) {
    const float nothing = bits_to_float(0xff800000u);
    each_score(scores, width, [&](float score, int id) {
        const bool allowed = draw.mask_at < 0 || (load(numbers + draw.mask_at + id / 32) >> id % 32 & 1) != 0;
        store(changed + id, allowed ? score : nothing);
    });
    sync_block();
    for (int i = threadIdx.x; i < draw.changes; i += SAMPLING_THREADS) {
        const Bytes16 c = load(reinterpret_cast<const Bytes16 *>(numbers + draw.changes_at) + i);
        const float factor = bits_to_float(c.word[2]);
        float *place = changed + c.word[0];
        const float score = load(place) + bits_to_float(c.word[1]);
        store(place, (score > 0.f ? score / factor : score * factor) - bits_to_float(c.word[3]));
    }
    sync_block();
    for (int i = threadIdx.x; i < draw.bans; i += SAMPLING_THREADS) {
        store(changed + load(numbers + draw.bans_at + i), nothing);
    }
    sync_block();
}

// tokens[d] = what draw d of `draws` draws, or -1 where the host must: there is no finite score, or too much to draw from.
//   logits: (rows, width)   draws: Draw each   copies: (copies, width), room for changed rows
// Grid: (draws). Bytes: each logit 2 (greedy) to 5 times, from the second-level cache.
extern "C" __global__ void __launch_bounds__(SAMPLING_THREADS, 1)
    draw_tokens(const float *logits, int width, const Draw *draws, const int *numbers, float *copies, int *tokens) {
    DYNAMIC_SHARED(SamplingRoom, room);
    const Draw draw = load(draws + blockIdx.x);
    const float *scores = logits + static_cast<long>(draw.row) * width;
    if (draw.copy >= 0) {
        float *changed = copies + static_cast<long>(draw.copy) * width;
        change(scores, width, draw, numbers, changed);
        scores = changed;
    }
    const u64 best = highest_of(scores, width, room);
    const float highest = score_of(best);
    int token = -1;
    if (best != 0 && isfinite(highest)) {
        const Weighing weighing = {highest, LOG2_E / draw.temperature};
        if (draw.temperature < LEAST_TEMPERATURE) {
            token = place_of(best);
        } else {
            const double point = uniform(draw.seed, draw.sequence, draw.step);
            token = draw.top_k == 0 && draw.top_p == 1.f
                ? token_at(point, scores, width, weighing, draw.floor, room)
                : likely_token_at(point, draw, scores, width, weighing, room);
        }
    }
    if (threadIdx.x == 0) {
        store(tokens + blockIdx.x, token);
    }
}
KERNEL(draw_tokens)

// ---- log probabilities

constexpr int MOST_ALTERNATIVES = 20;
constexpr float LOG_PROBABILITY_SCALE = LOG2_E / 16; // the likeliest are looked for down to e^-443

struct TokenQuestion {
    int row, token, alternatives, unused;
};

// Of the row's softmax. The host turns scores into log probabilities: score - highest - log(sum).
struct TokenAnswer {
    double sum;   // of e^(score - highest)
    float highest, score;
    int rank;     // 1 for the likeliest; 0 where the host must look for itself
    int found;    // alternatives
    u64 likeliest[MOST_ALTERNATIVES]; // ranked
};

// answers[q] = how likely the token of question q is, and which were the likeliest ones.   logits: (rows, width)
// Grid: (questions). Bytes: each logit 2 times, with alternatives 4.
extern "C" __global__ void __launch_bounds__(SAMPLING_THREADS, 1)
    log_probabilities(const float *logits, int width, const TokenQuestion *questions, TokenAnswer *answers) {
    DYNAMIC_SHARED(SamplingRoom, room);
    const TokenQuestion question = load(questions + blockIdx.x);
    TokenAnswer *answer = answers + blockIdx.x;
    const float *scores = logits + static_cast<long>(question.row) * width;
    const u64 best = highest_of(scores, width, room);
    const float highest = score_of(best), score = load(scores + question.token);
    const Weighing weighing = {highest, LOG2_E};
    u64 sums[2] = {0, 0}; // of weights, and of those that are likelier
    each_score(scores, width, [&](float other, int) {
        sums[0] += weighing.weight(other, DEEPEST);
        sums[1] += other > score;
    });
    block_sums(sums, room);
    bool known = best != 0 && isfinite(highest);
    int found = 0;
    if (known && question.alternatives > 0) {
        const Weighing wide = {highest, LOG_PROBABILITY_SCALE};
        u64 wanted;
        const Enough enough = {static_cast<u32>(question.alternatives), 0};
        known = gather_likeliest(scores, width, wide, DEEPEST, enough, wanted, room);
        found = min(question.alternatives, static_cast<int>(room->gathered));
        for (int i = threadIdx.x; known && i < found; i += SAMPLING_THREADS) {
            store(answer->likeliest + i, room->keys[i]);
        }
    }
    if (threadIdx.x == 0) {
        store(&answer->sum, static_cast<double>(sums[0]) / WHOLE);
        store(&answer->highest, highest);
        store(&answer->score, score);
        store(&answer->rank, known ? 1 + static_cast<int>(sums[1]) : 0);
        store(&answer->found, found);
    }
}
KERNEL(log_probabilities)
