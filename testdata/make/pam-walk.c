/* What libpam makes of services: for each name on standard input, the results of
   pam_authenticate and pam_acct_mgmt with the folder of the first argument.
   Needs no header files: cc -o pam-walk pam-walk.c -l:libpam.so.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct message { int style; const char *text; };
struct response { char *text; int code; };
struct conversation {
    int (*ask)(int, const struct message **, struct response **, void *);
    void *data;
};

int pam_start_confdir(const char *, const char *, const struct conversation *, const char *,
                      void **);
int pam_authenticate(void *, int);
int pam_acct_mgmt(void *, int);
int pam_end(void *, int);

static int say_nothing(int count, const struct message **messages, struct response **responses,
                       void *data)
{
    (void)messages;
    (void)data;
    *responses = calloc((size_t)count, sizeof(struct response));
    return *responses ? 0 : 5;
}

int main(int argc, char **argv)
{
    struct conversation conversation = { say_nothing, 0 };
    char name[256];
    if (argc != 2)
        return 64;
    while (fgets(name, sizeof name, stdin)) {
        void *handle = 0;
        name[strcspn(name, "\n")] = 0;
        if (pam_start_confdir(name, "root", &conversation, argv[1], &handle))
            return 1;
        int auth = pam_authenticate(handle, 0);
        int account = pam_acct_mgmt(handle, 0);
        printf("%s %d %d\n", name, auth, account);
        pam_end(handle, account);
    }
    return 0;
}
