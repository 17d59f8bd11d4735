from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector
from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0006_removed_members"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="user",
            index=models.Index(OpClass(Lower("display_name"), name="text_pattern_ops"), name="people_by_name"),
        ),
        migrations.AddIndex(
            model_name="user",
            index=GinIndex(SearchVector("display_name", config="simple"), name="people_by_words_of_name"),
        ),
    ]
