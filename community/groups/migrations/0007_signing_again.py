from django.db import migrations, models


class Migration(migrations.Migration):
    """Who left and comes back signs the same words once more, and both signatures are kept."""

    dependencies = [("groups", "0006_who_breaks_the_glass")]
    operations = [
        migrations.RemoveConstraint(model_name="signature", name="one_signature_an_edition"),
        migrations.AddIndex(
            model_name="signature",
            index=models.Index(fields=["group", "user", "-edition"], name="who_signed_what"),
        ),
    ]
