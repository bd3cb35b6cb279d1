// The files of sim/report/html, as the build put them into the program.
#ifndef SIM_REPORT_HTML_ASSETS_H
#define SIM_REPORT_HTML_ASSETS_H

extern const char html_page[];   // page.html, with {{marks}} where the rest goes
extern const char html_style[];  // page.css
extern const char html_script[]; // the scripts, one after another

#endif
