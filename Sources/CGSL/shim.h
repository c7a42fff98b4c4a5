// The GSL headers Rehearse uses, and accessors for what Swift 6 cannot import as a global.
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_statistics_double.h>
