#!/bin/sh
# Checks what solutions need of Azure Key Vault. Made by `solship secrets --format az`; every command in it only reads.
#
# No secret is read: whether one is there is asked of Azure Resource Manager, whose answer never holds the value. It also
# needs no role for secrets and no way through the firewall of the vault. `az keyvault secret show` would need both, and print the value.
#
# Sign in first (`az login`), with the role Reader on the vaults. Usage: sh check.sh [MAKER…]
# MAKER is a user name or object id that must be able to use the secrets; without one it is you.
#
# One line a check: ok, missing (and what to do), unknown (az could not tell; its own message is above the line).
# Exit code: 0 all ok, 1 something is missing, 2 nothing is known to be missing, but something is unknown.
set -u

ok=0 missing=0 unknown=0

say_ok() { ok=$((ok + 1)); printf 'ok       %s\n' "$1"; }
say_missing() { missing=$((missing + 1)); printf 'missing  %s: %s\n' "$1" "$2"; }
say_unknown() { unknown=$((unknown + 1)); printf 'unknown  %s\n' "$1"; }

# Runs az and keeps what it answers: 0 an answer, 1 there is none, 2 az could not tell.
ask() {
    answer=$(az "$@" --only-show-errors --output tsv)
    code=$?
    # az on Windows ends its lines with a carriage return.
    answer=$(printf '%s' "$answer" | tr -d '\r')
    case $code in
    0) [ -n "$answer" ] ;;
    3) return 1 ;;
    *) return 2 ;;
    esac
}

# Says `ok` when the last `ask` found something, else the other.
say() {
    case $1 in
    0) say_ok "$2" ;;
    1) say_missing "$2" "$3" ;;
    *) say_unknown "$2" ;;
    esac
}

check_cloud() {
    what='the environment is in no US Government cloud'
    ask cloud show --query 'name'
    case $?:$answer in
    0:AzureUSGovernment) say_missing "$what" 'az is set to it; credentials do not exist there' ;;
    0:*) say_ok "$what (az is set to $answer)" ;;
    *) say_unknown "$what" ;;
    esac
}

# SUBSCRIPTION NAMESPACE
check_provider() {
    what="resource provider $2 is registered in subscription $1"
    ask provider show --subscription "$1" --namespace "$2" --query 'registrationState'
    case $?:$answer in
    0:Registered) say_ok "$what" ;;
    [01]:*) say_missing "$what" "it is ${answer:-not there}; an owner of the subscription must register it" ;;
    *) say_unknown "$what" ;;
    esac
}

# SUBSCRIPTION GROUP VAULT: what follows is about this vault.
check_vault() {
    subscription=$1 group=$2 vault=$3 vault_id=
    what="vault $vault in resource group $group"
    ask keyvault show --subscription "$subscription" --resource-group "$group" --name "$vault" --query 'id'
    code=$?
    [ "$code" -ne 0 ] || vault_id=$answer
    say "$code" "$what" 'create it, or correct the variables that name it'
}

# A query on the vault; without a vault nothing is known.
ask_vault() {
    answer=
    [ -n "$vault_id" ] || return 2
    ask keyvault show --subscription "$subscription" --resource-group "$group" --name "$vault" --query "$1"
}

# SECRET
check_secret() {
    what="secret $1 in vault $vault"
    if [ -z "$vault_id" ]; then say_unknown "$what"; return; fi
    ask resource show --subscription "$subscription" --resource-group "$group" --namespace 'Microsoft.KeyVault' \
        --parent "vaults/$vault" --resource-type 'secrets' --name "$1" --api-version '2023-07-01' \
        --query 'join(`:`, [name, to_string(properties.attributes.enabled)])'
    code=$?
    case $code:$answer in
    0:*:false) say_missing "$what" 'it is disabled; enable it' ;;
    *) say "$code" "$what" 'create it, or correct the variables that name it' ;;
    esac
}

# WHO ASSIGNEE OBJECT: the role, or in a vault with access policies the permission.
check_access() {
    what="$1 may read the secrets of vault $vault"
    ask_vault 'to_string(properties.enableRbacAuthorization)'
    code=$?
    if [ "$code" -ne 0 ]; then say_unknown "$what"; return; fi
    if [ "$answer" = 'true' ]; then
        ask role assignment list --subscription "$subscription" --scope "$vault_id" --assignee "$2" \
            --include-inherited --include-groups --query '[].roleDefinitionName'
        code=$?
        if [ "$code" -eq 0 ]; then
            printf '%s\n' "$answer" |
                grep -Fxq -e 'Key Vault Secrets User' -e 'Key Vault Secrets Officer' -e 'Key Vault Administrator'
            code=$?
        fi
        say "$code" "$what" 'give the role Key Vault Secrets User on the vault (Key Vault Reader is not enough)'
        return
    fi
    if [ -z "$3" ]; then say_unknown "$what"; return; fi
    ask_vault 'properties.accessPolicies[].[objectId, join(`,`, permissions.secrets || `[]`)]'
    code=$?
    if [ "$code" -eq 0 ]; then
        printf '%s\n' "$answer" | grep -Eiq "^$3[[:space:]](.*,)?(get|all)(,|\$)"
        code=$?
    fi
    say "$code" "$what" 'add an access policy with Get for secrets'
}

# APPLICATION
check_dataverse() {
    object=
    ask ad sp show --id "$1" --query 'id'
    code=$?
    [ "$code" -ne 0 ] || object=$answer
    check_access "the Dataverse service principal $1" "$1" "$object"
}

check_makers() {
    if [ $# -eq 0 ]; then
        if ask ad signed-in-user show --query 'id'; then
            check_access 'you (name the other makers as arguments)' "$answer" "$answer"
        else
            say_unknown "the makers may read the secrets of vault $vault (name them as arguments)"
        fi
    fi
    for maker in "$@"; do
        object=
        ask ad user show --id "$maker" --query 'id'
        code=$?
        [ "$code" -ne 0 ] || object=$answer
        check_access "maker $maker" "$maker" "$object"
    done
}

check_tenant() {
    what="vault $vault is in the tenant that you are signed in to, which must be that of the environment"
    if ! ask_vault 'properties.tenantId'; then say_unknown "$what"; return; fi
    tenant=$answer
    if ! ask account show --query 'tenantId'; then say_unknown "$what"; return; fi
    if [ "$tenant" = "$answer" ]; then say_ok "$what"; return; fi
    say_missing "$what" "the vault is in tenant $tenant; use a vault of the same tenant"
}

check_network() {
    what="vault $vault can be reached by Power Platform"
    ask_vault 'join(`:`, [properties.publicNetworkAccess || `Enabled`, properties.networkAcls.defaultAction || `Allow`])'
    code=$?
    case $code:$answer in
    0:[Dd]isabled:*)
        say_missing "$what" 'public access is off; a private endpoint needs the virtual network support of Power Platform' ;;
    0:*:[Dd]eny)
        say_missing "$what" 'see that the firewall lets the IP ranges of Power Platform in; trusted Microsoft services does not cover it' ;;
    0:*) say_ok "$what" ;;
    *) say_unknown "$what" ;;
    esac
}

check_events() {
    what="vault $vault tells a flow of new versions of its secrets"
    if [ -z "$vault_id" ]; then say_unknown "$what"; return; fi
    ask eventgrid event-subscription list --source-resource-id "$vault_id" \
        --query '[?!(filter.includedEventTypes) || contains(filter.includedEventTypes, `Microsoft.KeyVault.SecretNewVersionCreated`)].name'
    say "$?" "$what" 'turn the flow on in the target, which makes the Event Grid subscription; or leave the flow out, it is deprecated'
}

finish() {
    printf '%s ok, %s missing, %s unknown\n' "$ok" "$missing" "$unknown"
    [ "$missing" -eq 0 ] || exit 1
    [ "$unknown" -eq 0 ] || exit 2
    exit 0
}
