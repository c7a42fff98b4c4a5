#pragma once

/* Loaded into a lab's servers by LD_PRELOAD; offers nothing to link against.

   Files below REHEARSE_SLOW_ROOT wait as files on remote or slow storage do; sockets and other files are left alone.

     REHEARSE_SLOW_ROOT      a directory, absolute and without links
     REHEARSE_SLOW_KIND      nfs, or disk
     REHEARSE_SLOW_RTT       nfs: round trip between client and server
     REHEARSE_SLOW_SERVICE   nfs: what the server needs for any request
     REHEARSE_SLOW_COMMIT    what stable storage needs: on disk, one fsync
     REHEARSE_SLOW_SEED      where the random numbers start

   Times are quantile tables in ns, `p:value,p:value,...`, both ascending; a draw lies on the straight line between.

   On nfs (close-to-open consistency, version 4.1, as measured with Redis 7.0.15 on knfsd) an open is one request; a
   flush is one stable WRITE up to a page, and WRITE and COMMIT above it; fsync and close flush what is dirty; the close
   of a file's last descriptor is one request more; renaming, removing and shrinking are one stable request each. On a
   disk only fsync and fdatasync of what is dirty wait. On both a write waits while another thread syncs that file. */
