// The functions of the GNU Scientific Library that Rehearse uses, each behind a wrapper.
//
// GSL's default error handler aborts the process on a bad argument. Every wrapper turns it off before it calls, and
// Swift can see nothing but the wrappers (GSL's own declarations have block scope), so it cannot be forgotten. With the
// handler off a bad argument gives NaN.
//
// Arguments follow GSL: p is a probability below, q above; scale and shape parameters as in its manual.
#ifndef REHEARSE_CGSL_H
#define REHEARSE_CGSL_H

#define REHEARSE_GSL_2(name, gsl)                            \
    static inline double name(double x, double a) {          \
        extern double gsl(double, double);                   \
        extern void *gsl_set_error_handler_off(void);        \
        gsl_set_error_handler_off();                         \
        return gsl(x, a);                                    \
    }

#define REHEARSE_GSL_3(name, gsl)                            \
    static inline double name(double x, double a, double b) { \
        extern double gsl(double, double, double);           \
        extern void *gsl_set_error_handler_off(void);        \
        gsl_set_error_handler_off();                         \
        return gsl(x, a, b);                                 \
    }

// Quantile functions of durations, from the lower and from the upper tail.
REHEARSE_GSL_2(exponential_quantile, gsl_cdf_exponential_Pinv)
REHEARSE_GSL_2(exponential_upper_quantile, gsl_cdf_exponential_Qinv)
REHEARSE_GSL_3(lognormal_quantile, gsl_cdf_lognormal_Pinv)
REHEARSE_GSL_3(lognormal_upper_quantile, gsl_cdf_lognormal_Qinv)
REHEARSE_GSL_3(gamma_quantile, gsl_cdf_gamma_Pinv)
REHEARSE_GSL_3(gamma_upper_quantile, gsl_cdf_gamma_Qinv)
REHEARSE_GSL_3(gamma_probability, gsl_cdf_gamma_P)
REHEARSE_GSL_3(gamma_upper_probability, gsl_cdf_gamma_Q)
REHEARSE_GSL_3(weibull_quantile, gsl_cdf_weibull_Pinv)
REHEARSE_GSL_3(weibull_upper_quantile, gsl_cdf_weibull_Qinv)

// The normal distribution with the given standard deviation, Student's t, and the beta distribution.
REHEARSE_GSL_2(normal_quantile, gsl_cdf_gaussian_Pinv)
REHEARSE_GSL_2(student_quantile, gsl_cdf_tdist_Pinv)
REHEARSE_GSL_3(beta_quantile, gsl_cdf_beta_Pinv)
REHEARSE_GSL_3(beta_probability, gsl_cdf_beta_P)

static inline double log_gamma(double x) {
    extern double gsl_sf_lngamma(double);
    extern void *gsl_set_error_handler_off(void);
    gsl_set_error_handler_off();
    return gsl_sf_lngamma(x);
}

#endif
