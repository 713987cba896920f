/** The command answers in English whatever the locale of the machine is: most tests quote it. */
process.env['LC_ALL'] = 'C.UTF-8'
