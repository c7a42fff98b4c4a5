#pragma once

/* How long things take, as the environment says. */

/* A server must not meet names of ours. */
#pragma GCC visibility push(hidden)

/* The directory whose files wait; NULL where there is none, or what the environment says can't be used. */
const char *slow_root(void);
int slow_is_nfs(void);

/* Sleeps for a request that the server answers from memory. */
void slow_request(void);
/* Sleeps for a request whose reply waits for stable storage. */
void slow_stable_request(void);

#pragma GCC visibility pop
