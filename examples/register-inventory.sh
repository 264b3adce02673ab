#!/bin/sh
# Take an inventory through the whole life of its instances over the API of Muster: tags, credentials, instances,
# lists, updates, the recycle bin and back, history. At the end it counts what the register holds, and fails when
# that is not what the file says. Needs sh, curl, grep and sed. Run it as often as you like.
#
# REGISTER_URL   where Muster is (http://127.0.0.1:5001)
# REGISTER_USER  who logs in (admin); the role must be dba or admin
# REGISTER_PASSWORD, REGISTER_OPEN_PASSWORD, REGISTER_LICENSED_PASSWORD
#                of that user and of the two credentials; what is not set is read from standard input, a line each
#                (typed at a terminal it shows)
set -euf
LC_ALL=C
export LC_ALL

url=${REGISTER_URL:-http://127.0.0.1:5001}
user=${REGISTER_USER:-admin}
case $0 in */*) file=${0%/*}/inventory.csv ;; *) file=inventory.csv ;; esac
batch=inventory-csv # the tag that all instances of the file carry
cookie='' token='' answer='' status=''

fail() {
    printf 'register-inventory: %s\n' "$*" >&2
    exit 1
}

# secret QUESTION VALUE: leaves in $secret the value, or a line of standard input when it is empty.
secret() {
    secret=$2
    [ -z "$secret" ] || return 0
    printf '%s: ' "$1" >&2
    IFS= read -r secret || :
    printf '\n' >&2
    [ -n "$secret" ] || fail "$1 is not known: set the variable that the head of this script names"
}

# escaped TEXT: for use between double quotes, in JSON and in the configuration of curl alike.
escaped() {
    printf '%s' "$1" | sed 's/[\\"]/\\&/g'
}

# text VALUE: as JSON; nothing is null, which clears the field.
text() {
    if [ -n "$1" ]; then printf '"%s"' "$(escaped "$1")"; else printf null; fi
}

# request METHOD PATH [BODY], or for GET: request GET PATH [NAME=VALUE]...
# Leaves the body in $answer and the status in $status. All that curl has to know goes in by its standard input:
# what stands among the arguments of a program can be read by every user of the machine.
request() {
    method=$1
    path=$2
    shift 2
    answer=$(
        {
            printf 'url = "%s/api/v1%s"\n' "$(escaped "$url")" "$path"
            printf 'header = "Accept-Language: en"\n'
            [ -z "$cookie" ] || printf 'cookie = "%s"\n' "$(escaped "$cookie")"
            if [ "$method" = GET ]; then
                printf 'get\n'
                for parameter in "$@"; do printf 'data-urlencode = "%s"\n' "$(escaped "$parameter")"; done
            else
                printf 'request = "%s"\nheader = "X-CSRFToken: %s"\n' "$method" "$token"
                printf 'header = "Content-Type: application/json"\ndata-raw = "%s"\n' "$(escaped "${1:-}")"
            fi
        } | curl --silent --show-error --include --globoff --max-time 30 --config -
    ) || fail "$method $url/api/v1$path got no answer: is Muster running there?"
    status=$(printf '%s\n' "$answer" | sed -n '1s/^HTTP[^ ]* \([0-9]*\).*/\1/p')
    fresh=$(printf '%s\n' "$answer" | sed -n 's/^[Ss]et-[Cc]ookie: \([^;]*\).*/\1/p')
    [ -z "$fresh" ] || cookie=$fresh
    answer=$(printf '%s\n' "$answer" | sed '1,/^.\{0,1\}$/d')
}

# found PATTERN: the part of the answer in \( \), of the first match.
found() {
    printf '%s\n' "$answer" | grep -o "$1" | sed -n "1s/$1/\\1/p"
}

# expect STATUS WHAT: the last answer has this status, or the script ends with what the server said.
expect() {
    [ "$status" != "$1" ] || return 0
    code=$(found '"message_code":"\([A-Z_]*\)"')
    said=$(found '"message":"\([^"]*\)"')
    fields=$(printf '%s\n' "$answer" | grep -o '"field":"[^"]*","code":"[^"]*"' || :)
    fail "$2: expected $1, got $status ${code:-} ${said:-$answer} ${fields:-}"
}

# verify WHAT EXPECTED FOUND
verify() {
    [ "$2" = "$3" ] || fail "$1: expected $2, found ${3:-nothing}"
    printf '  %-38s %s\n' "$1" "$3"
}

# count NAME=VALUE...: leaves in $total how many instances of the file the list finds.
count() {
    request GET /instances "tags=$batch" limit=1 "$@"
    expect 200 "counting instances ($*)"
    total=$(found '"total":\([0-9]*\)')
}

log_in() {
    request GET /auth/csrf-token
    expect 200 'getting a CSRF token'
    token=$(found '"csrf_token":"\([^"]*\)"')
    secret "Password of $user" "${REGISTER_PASSWORD:-}"
    request POST /auth/login "{\"username\": $(text "$user"), \"password\": $(text "$secret")}"
    expect 200 "logging in as $user"
    token=$(found '"csrf_token":"\([^"]*\)"') # a login begins a new session with a token of its own
}

# make_tag NAME COLOR
make_tag() {
    request POST /tags "{\"name\": $(text "$1"), \"color\": \"$2\"}"
    [ "$status" = 409 ] || expect 201 "making the tag $1" # 409: it is there already
}

# make_credential NAME USERNAME PASSWORD ENGINES: leaves its id in $id. It may go to the hosts of the file only.
make_credential() {
    places='"suffixes": [".example.com"], "networks": ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"]'
    body="{\"name\": \"$1\", \"username\": \"$2\", \"password\": $(text "$3"), \"bindings\": {$places, \"engines\": [$4]}}"
    request POST /credentials "$body"
    if [ "$status" = 409 ]; then
        id=$(found '"holder":{"id":\([0-9]*\)')
        request PUT "/credentials/$id" "$body"
        expect 200 "updating the credential $1"
    else
        expect 201 "making the credential $1"
        id=$(found '"id":\([0-9]*\)')
    fi
}

# register: make the instance of the variables that `each_line` has set, or bring the existing one to the same state.
register() {
    case $credential in
        monitor-open) credential_id=$open_id ;;
        monitor-licensed) credential_id=$licensed_id ;;
        '') credential_id=null ;;
        *) fail "$name: there is no credential $credential in this script" ;;
    esac
    list=''
    for tag in $tags; do list="$list${list:+, }$(text "$tag")"; done
    body="{\"name\": $(text "$name"), \"db_type\": $(text "$db_type"), \"host\": $(text "$host"), \"port\": $(text "$port"), \
        \"database_name\": $(text "$database"), \"service_name\": $(text "$service"), \"instance_name\": $(text "$sqlserver"), \
        \"environment\": $(text "$environment"), \"owner\": $(text "$owner"), \"criticality\": $(text "$criticality"), \
        \"description\": $(text "$description"), \"credential_id\": $credential_id, \"tag_names\": [$list]}"
    request POST /instances "$body"
    if [ "$status" != 409 ]; then
        expect 201 "registering $name"
        registered=$((registered + 1))
        return 0
    fi
    id=$(found '"holder":{"id":\([0-9]*\)')
    case $answer in
        *instance.name_taken_in_bin*)
            request POST "/instances/$id/restore" '{"reason": "It is in the inventory again"}'
            expect 200 "taking $name out of the recycle bin"
            ;;
    esac
    request PUT "/instances/$id" "$body"
    expect 200 "updating $name"
    updated=$((updated + 1))
}

# each_line COMMAND: run it for each line of the file, with the columns in variables. No column may hold a comma,
# except the last.
each_line() {
    return_character=$(printf '\r')
    while IFS=, read -r name db_type host port database service sqlserver environment owner criticality tags \
        credential description || [ -n "$name" ]; do
        description=${description%"$return_character"}
        case $name$description in
            name* | '') continue ;; # the heading, an empty line
            *\"*) fail "$file, $name: remove the double quotes" ;;
        esac
        "$1"
    done <"$file"
}

# find_instance NAME: leaves its id in $id, and its endpoint in $endpoint as a PUT needs it.
find_instance() {
    request GET /instances "search=$1" limit=100
    expect 200 "looking for $1"
    found_one=$(found "\\({\"id\":[0-9]*,\"name\":\"$1\",\"db_type\":\"[^\"]*\",\"host\":\"[^\"]*\",\"port\":[0-9]*\\)")
    [ -n "$found_one" ] || fail "the register has no instance $1"
    id=$(printf '%s\n' "$found_one" | sed 's/[^0-9]*\([0-9]*\).*/\1/')
    endpoint=$(printf '%s\n' "$found_one" | sed 's/.*\("name".*\)/\1/')
}

[ -r "$file" ] || fail "cannot read $file"
log_in
printf 'Logged in to %s as %s\n' "$url" "$user"

set -- "$batch" '#8c8c8c' shop '#1677ff' payments '#722ed1' logistics '#13c2c2' people '#eb2f96' \
    finance '#fa8c16' primary '#52c41a' replica '#a0d911' pci '#f5222d' retire '#434343'
tag_count=$(($# / 2)) wanted_tags=''
while [ $# -gt 0 ]; do
    make_tag "$1" "$2"
    wanted_tags="$wanted_tags $1"
    shift 2
done
printf 'Tags are there: %s\n' "$tag_count"

secret 'Password of the credential monitor-open' "${REGISTER_OPEN_PASSWORD:-}"
make_credential monitor-open muster_ro "$secret" '"mysql", "postgresql"'
open_id=$id
secret 'Password of the credential monitor-licensed' "${REGISTER_LICENSED_PASSWORD:-}"
make_credential monitor-licensed MUSTER_RO "$secret" '"sqlserver", "oracle"'
licensed_id=$id
secret=''
printf 'Credentials are there: monitor-open, monitor-licensed\n'

registered=0 updated=0
each_line register
wanted=$(($(grep -c , "$file") - 1)) # all lines but the heading
printf 'Instances: %s registered, %s updated\n' "$registered" "$updated"

printf '\nPage by page, by name:\n'
page=1 pages=1 listed=0
while [ "$page" -le "$pages" ]; do
    request GET /instances "tags=$batch" sort=name limit=10 "page=$page"
    expect 200 "listing page $page"
    pages=$(found '"pages":\([0-9]*\)')
    first=''
    for name in $(printf '%s\n' "$answer" | grep -o '"name":"[^"]*","db_type"' | sed 's/"name":"\([^"]*\)".*/\1/'); do
        first=${first:-$name}
        listed=$((listed + 1))
    done
    printf '  %s of %s: %s to %s\n' "$page" "$pages" "$first" "$name"
    page=$((page + 1))
done

printf '\nThe Oracle servers of accounting go into maintenance:\n'
for name in erp-core-01 erp-core-02; do
    find_instance "$name"
    request PUT "/instances/$id" "{$endpoint, \"lifecycle\": \"maintenance\", \"contact\": \"dba-on-call@example.com\"}"
    expect 200 "updating $name"
    printf '  %s is in %s\n' "$name" "$(found '"lifecycle":"\([a-z]*\)"')"
done

printf '\nThree that nobody needs go to the recycle bin:\n'
for name in shop-archive-2019 geo-legacy crm-old; do
    find_instance "$name"
    request POST "/instances/$id/delete" '{"reason": "Switched off, ticket DBA-2041"}'
    expect 200 "deleting $name"
    request GET "/instances/$id" include_deleted=true
    expect 200 "showing $name in the recycle bin"
    printf '  %s: %s, by %s\n' "$name" "$(found '"delete_reason":"\([^"]*\)"')" \
        "$(found '"deleted_by":{"id":[0-9]*,"username":"\([^"]*\)"')"
done
request GET "/instances/$id"
expect 404 "$name must be hidden while it is in the recycle bin"

request POST "/instances/$id/restore" '{"reason": "The audit needs it until 2027"}'
expect 200 "restoring $name"
printf '\n%s comes back: %s. Its history, newest first:\n' "$name" "$(found '"message":"\([^"]*\)"')"
request GET "/instances/$id/history" limit=100
expect 200 "the history of $name"
printf '%s\n' "$answer" | grep -o '"action":"[a-z.]*"' | sed 's/.*:"\(.*\)"/  \1/'
for action in create delete restore; do
    [ -n "$(found "\\(\"instance.$action\"\\)")" ] || fail "the history of $name lacks instance.$action"
done

printf '\nVerified in the register:\n'
there=0
for tag in $wanted_tags; do
    request GET /tags "search=$tag" limit=100
    expect 200 "looking for the tag $tag"
    [ -z "$(found "\\(\"name\":\"$tag\"\\)")" ] || there=$((there + 1))
done
verify 'tags' "$tag_count" "$there"
request GET /credentials search=monitor- limit=100
expect 200 'listing credentials'
verify 'credentials' 2 "$(printf '%s\n' "$answer" | grep -o '"name":"monitor-[a-z]*","username"' | grep -c .)"
verify 'instances on the pages' "$wanted" "$listed"
count include_deleted=true
verify 'instances, recycle bin included' "$wanted" "$total"
count
verify 'instances in use' "$((wanted - 2))" "$total"
count status=deleted
verify 'instances in the recycle bin' 2 "$total"

in_file=0
count_if_engine() { [ "$db_type" != "$engine" ] || in_file=$((in_file + 1)); }
for engine in mysql postgresql sqlserver oracle; do
    in_file=0
    each_line count_if_engine
    count include_deleted=true "db_type=$engine"
    verify "instances of $engine" "$in_file" "$total"
done
count 'search=second data centre' tags=replica
verify 'replicas in the second data centre' 3 "$total"

request POST /auth/logout
expect 200 'logging out'
printf '\nAll %s instances of %s are in the register.\n' "$wanted" "${file##*/}"
