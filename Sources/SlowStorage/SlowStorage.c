/* Delays fsync, fdatasync, write and close of files below one directory, so that a local server waits as one on NFS. */
#include "SlowStorage.h"
