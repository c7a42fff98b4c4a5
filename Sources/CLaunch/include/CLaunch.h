#pragma once
#include <sys/types.h>

/* Starts `program` in a session of its own, with no signal blocked or ignored and no file of ours but the standard
   three: `input` (or /dev/null where negative), and `output`, appended to, for both others. `directory` may be NULL.
   Returns 0 or an errno; what fails in the child before it is the program counts too. */
int rehearse_launch(
    pid_t *pid, const char *program, char *const arguments[], char *const environment[], const char *directory,
    int input, const char *output);

/* A pipe that no program started elsewhere in this process inherits. Returns 0 or an errno. */
int rehearse_pipe(int ends[2]);
