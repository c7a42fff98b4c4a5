#include "waits.h"
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { POINTS = 256 };

/* A quantile function: straight lines between points of ascending probability. No points are a constant 0. */
struct table {
    int count;
    double probability[POINTS];
    double nanoseconds[POINTS];
};

static struct table round_trip, service, commit;
static const char *root;
static int is_nfs;
static uint64_t state;
static pthread_mutex_t dice = PTHREAD_MUTEX_INITIALIZER;

/* Reads `p:value,p:value,...`; what can't be read ends it. */
static void read_table(struct table *table, const char *name) {
    const char *text = getenv(name);
    while (text && *text && table->count < POINTS) {
        char *end;
        double probability = strtod(text, &end);
        if (end == text || *end != ':') break;
        text = end + 1;
        double nanoseconds = strtod(text, &end);
        if (end == text) break;
        table->probability[table->count] = probability;
        table->nanoseconds[table->count++] = nanoseconds;
        text = *end == ',' ? end + 1 : end;
    }
}

__attribute__((constructor)) static void read_environment(void) {
    const char *seed = getenv("REHEARSE_SLOW_SEED"), *kind = getenv("REHEARSE_SLOW_KIND");
    const char *directory = getenv("REHEARSE_SLOW_ROOT");
    state = seed ? strtoull(seed, NULL, 10) : 0;
    is_nfs = kind && strcmp(kind, "nfs") == 0;
    read_table(&round_trip, "REHEARSE_SLOW_RTT");
    read_table(&service, "REHEARSE_SLOW_SERVICE");
    read_table(&commit, "REHEARSE_SLOW_COMMIT");
    /* Servers write their titles over their environment. */
    if (directory && directory[0] == '/') root = strdup(directory);
}

const char *slow_root(void) { return root; }
int slow_is_nfs(void) { return is_nfs; }

/* SplitMix64, a uniform in 0..<1. */
static double uniform(void) {
    pthread_mutex_lock(&dice);
    uint64_t z = state += 0x9E3779B97F4A7C15u;
    pthread_mutex_unlock(&dice);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

static double draw(const struct table *table) {
    if (table->count == 0) return 0;
    double p = uniform();
    if (p <= table->probability[0]) return table->nanoseconds[0];
    for (int next = 1; next < table->count; next++) {
        if (p > table->probability[next]) continue;
        double width = table->probability[next] - table->probability[next - 1];
        double share = width > 0 ? (p - table->probability[next - 1]) / width : 0;
        return table->nanoseconds[next - 1] + share * (table->nanoseconds[next] - table->nanoseconds[next - 1]);
    }
    return table->nanoseconds[table->count - 1];
}

/* Signals of the server's own must not shorten a wait: the kernel would not let them either. */
static void wait_for(double nanoseconds) {
    if (!(nanoseconds > 0)) return;
    struct timespec left = {.tv_sec = (time_t)(nanoseconds / 1e9)};
    left.tv_nsec = (long)(nanoseconds - (double)left.tv_sec * 1e9);
    while (nanosleep(&left, &left) != 0 && errno == EINTR) {
    }
}

void slow_request(void) { wait_for(draw(&round_trip) + draw(&service)); }
void slow_stable_request(void) { wait_for(draw(&round_trip) + draw(&service) + draw(&commit)); }
