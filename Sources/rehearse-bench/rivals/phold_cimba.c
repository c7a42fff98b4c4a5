/* PHOLD on the event queue of Cimba: the same draws, events and checksum as Phold.swift, as plain events (no
 * coroutines, which cost it more). Declarations follow Cimba's public API. */
#include <stdint.h>
#include <time.h>

typedef void cmb_event_func(void *subject, void *object);
extern void cmb_event_queue_initialize(double start_time);
extern void cmb_event_queue_terminate(void);
extern uint64_t cmb_event_schedule(cmb_event_func *action, void *subject, void *object, double time, int64_t priority);
extern _Bool cmb_event_execute_next(void);
extern double cmb_time(void);

enum { PROCESSES = 64 };

static struct process { int64_t last, count; } processes[PROCESSES];
static const int64_t *increments;
static uint64_t s0, s1, s2, s3;
static int64_t checksum;

static uint64_t split_mix(uint64_t *state) {
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static inline uint64_t rotated(uint64_t x, int bits) { return x << bits | x >> (64 - bits); }

/* xoshiro256++ */
static inline uint64_t draw(void) {
    const uint64_t result = rotated(s0 + s3, 23) + s0, shifted = s1 << 17;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = rotated(s3, 45);
    return result;
}

static inline int64_t increment(uint64_t bits) {
    const int64_t *cell = increments + (bits >> 54);
    return cell[0] + ((cell[1] - cell[0]) * (int64_t)(bits >> 22 & 0xFFFFFFFF) >> 32);
}

static void happen(void *subject, void *object) {
    struct process *process = subject;
    const int64_t now = (int64_t)cmb_time();
    process->count += 1;
    checksum += (now - process->last) * process->count;
    process->last = now;
    const uint64_t bits = draw();
    const uint64_t destination = ((uint64_t)(process - processes) + bits) & (PROCESSES - 1);
    cmb_event_schedule(happen, &processes[destination], object, (double)(now + increment(bits)), 0);
}

static double cpu_seconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* Runs PHOLD; returns the CPU seconds of the loop and stores the checksum. */
double phold(const int64_t *table, uint64_t seed, int64_t pending, int64_t events, uint64_t *result) {
    increments = table;
    s0 = split_mix(&seed);
    s1 = split_mix(&seed);
    s2 = split_mix(&seed);
    s3 = split_mix(&seed);
    cmb_event_queue_initialize(0.0);
    for (int64_t index = 0; index < pending; index++) {
        const uint64_t bits = draw();
        cmb_event_schedule(
            happen, &processes[((uint64_t)index + bits) & (PROCESSES - 1)], 0, (double)increment(bits), 0);
    }
    const double start = cpu_seconds();
    for (int64_t event = 0; event < events; event++) cmb_event_execute_next();
    const double seconds = cpu_seconds() - start;
    cmb_event_queue_terminate();
    *result = (uint64_t)checksum;
    return seconds;
}
