/* What Swift's view of glibc leaves out: the extensions that _GNU_SOURCE names. */
#define _GNU_SOURCE
#include "CLaunch.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

static int set_streams(posix_spawn_file_actions_t *actions, const char *directory, int input, const char *output) {
    int failure = 0;
    if (input >= 0)
        failure = posix_spawn_file_actions_adddup2(actions, input, STDIN_FILENO);
    else
        failure = posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (!failure)
        failure = posix_spawn_file_actions_addopen(actions, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (!failure) failure = posix_spawn_file_actions_adddup2(actions, STDOUT_FILENO, STDERR_FILENO);
    if (!failure) failure = posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
    if (!failure && directory) failure = posix_spawn_file_actions_addchdir_np(actions, directory);
    return failure;
}

static int make_fresh(posix_spawnattr_t *attributes) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int failure = posix_spawnattr_setsigmask(attributes, &none);
    if (!failure) failure = posix_spawnattr_setsigdefault(attributes, &all);
    short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID;
    if (!failure) failure = posix_spawnattr_setflags(attributes, flags);
    return failure;
}

int rehearse_launch(
    pid_t *pid, const char *program, char *const arguments[], char *const environment[], const char *directory,
    int input, const char *output) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int failure = posix_spawn_file_actions_init(&actions);
    if (failure) return failure;
    failure = posix_spawnattr_init(&attributes);
    if (!failure) {
        failure = set_streams(&actions, directory, input, output);
        if (!failure) failure = make_fresh(&attributes);
        if (!failure) failure = posix_spawn(pid, program, &actions, &attributes, arguments, environment);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return failure;
}

int rehearse_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC) == 0 ? 0 : errno; }
