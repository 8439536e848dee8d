#!/bin/sh
# A first hire at Harbourline, through the real commands.
#
#   talent init --demo DIR && sh story.sh DIR
#
# Prints each command and then what it answers. A step that should be refused
# is refused, or the story stops: its exit code stands behind `refused`.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "${1:-.}"
cp "$here/interviews.csv" interviews.csv

chapter() { printf '\n# %s\n' "$1"; }

run() {
    printf '\n$ %s\n' "$1"
    eval "$1" 2>&1
}

refused() {
    printf '\n$ %s\n' "$2"
    code=0
    eval "$2" 2>&1 || code=$?
    if [ "$code" -ne "$1" ]; then
        printf 'The story expected exit code %s here and got %s.\n' "$1" "$code" >&2
        exit 1
    fi
}

chapter 'January 2026: a case officer is needed in Harbour branch'
run 'talent recruitment open case-officer --unit harbour --chair dario.conti --panel jonas.weber --panel kofi.mensah --panel ana.ribeiro --reason "A colleague retires in February" --as maria.costa'
refused 3 'talent do REQ-1 approve --as maria.costa'
run 'talent do REQ-1 approve --as tomas.lind'
run 'talent do REQ-1 open --as maria.costa'

chapter 'The interview is planned from the role: five competencies, with anchors'
run 'talent recruitment kit SEL-1 -o table --fields competency,title,required,critical --as maria.costa'
run 'talent recruitment kit SEL-1 --to kit.html --as maria.costa'
run 'talent do SEL-1 approve_plan --as grace.lindqvist'
run 'talent do SEL-1 advertise --as maria.costa'

chapter 'Three candidates'
run 'talent recruitment candidate add SEL-1 "Amara Okoye" --source "job fair" --as maria.costa'
run 'talent recruitment candidate add SEL-1 "Bram Visser" --as maria.costa'
run 'talent recruitment candidate add SEL-1 "Chloe Martin" --as maria.costa'
run 'talent recruitment shortlist SEL-1 --as maria.costa'
run 'talent do SEL-1 close --as maria.costa'

chapter '10 February: interviews, rated blind'
run 'talent tick --to 2026-02-10'
run 'talent do SEL-1 start_assessing --as maria.costa'
run 'talent recruitment score APP-1 --competency CIT=4 --competency TRU=3 --competency COM=2 --competency JDG=3 --competency DEL=2 --note COM="The sample letter hides its outcome" --note DEL="No plan for the second week" --lock --as jonas.weber'
refused 4 'talent show SCO-1 --as kofi.mensah'
run 'talent recruitment compare SEL-1 -o table --as kofi.mensah'
run 'talent recruitment score APP-1 --competency CIT=4 --competency TRU=3 --competency COM=2 --competency JDG=4 --competency DEL=4 --note COM="Right in content, hard to follow" --lock --as kofi.mensah'
run 'talent recruitment score APP-1 --competency CIT=3 --competency TRU=3 --competency COM=3 --competency JDG=4 --competency DEL=3 --lock --as ana.ribeiro'
run 'talent recruitment score --file interviews.csv --lock --as maria.costa'

chapter 'The consensus: ratings that lie far apart are discussed first'
refused 3 'talent recruitment decide APP-1 --as dario.conti'
run 'talent recruitment discuss APP-1 --note "What counts as noticing in time" --as dario.conti'
run 'talent recruitment score APP-1 --competency DEL=3 --lock --as jonas.weber'
run 'talent recruitment score APP-1 --competency DEL=3 --lock --as kofi.mensah'
run 'talent recruitment score APP-1 --lock --as ana.ribeiro'
run 'talent recruitment decide APP-1 -o table --as dario.conti'
refused 3 'talent recruitment decide APP-2 -o table --as dario.conti'
run 'talent why APP-2 rank --as dario.conti'
refused 3 'talent recruitment decide APP-3 -o table --as dario.conti'
run 'talent recruitment compare SEL-1 -o table --as dario.conti'

chapter 'An exception needs a sponsor, and a second signature'
refused 5 'talent recruitment override APP-3 --reason "We are short of people" --as maria.costa'
run 'talent recruitment override APP-3 --reason "Knows the branch from two seasons" --as eva.sand'
refused 3 'talent recruitment override APP-3 --sign --reason "As asked" --as eva.sand'
run 'talent recruitment override APP-3 --refuse --reason "An appointable candidate is there" --as noor.haddad'
refused 3 'talent recruitment reject APP-2 --reason "Others were better" --as maria.costa'
run 'talent recruitment reject APP-2 --because TRU="Would decide without a note that others could audit" --as maria.costa'
run 'talent recruitment reject APP-3 --because COM="Explains a refusal without the next step" --as maria.costa'

chapter 'The decision, the offer, the hire'
run 'talent do SEL-1 start_moderation --as dario.conti'
run 'talent do SEL-1 decide --as maria.costa'
run 'talent recruitment offer APP-1 --until 2026-02-24 --as maria.costa'
run 'talent do APP-1 accept --as maria.costa'
run 'talent tick --to 2026-03-02'
run 'talent recruitment hire APP-1 --as maria.costa'

chapter 'What the interview showed stands in the ledger'
run 'talent evidence show amara.okoye --rows -o table --fields competency,ladder,rating,source,observed_on --as noor.haddad'
run 'talent gap person amara.okoye -o table --fields competency,required,current,gap,band --as noor.haddad'
run 'talent evidence verify --as noor.haddad'
run 'talent recruitment funnel SEL-1 --rows -o table --as maria.costa'

chapter 'A handoff waits for the plugin onboarding, which is not there yet'
run 'talent doctor --as sami.okafor'

chapter 'What is left to do'
run 'talent inbox -o table --as maria.costa'
run 'talent why SEL-1 complete --as maria.costa'
